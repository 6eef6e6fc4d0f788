import type { Fault, FaultCode } from '../fault.ts';
import { useLanguage } from '../i18n/context.tsx';
import type { Language } from '../i18n/language.ts';

/**
 * A failure with what to do next. The code is explained in the reader's language; the server's own words, which are
 * English and know the particulars (file names, limits), stand below.
 */
export function FaultText({ fault, heading = '' }: { fault: Fault; heading?: string }) {
  const language = useLanguage();
  const { title, advice } = explain(fault, language);
  return (
    <div class="fault-text">
      <p class="fault-title">{heading || title}</p>
      {heading && <p>{title}.</p>}
      <ServerWords fault={fault} />
      {advice && <p class="fault-advice">{advice}</p>}
    </div>
  );
}

/** Where a failure appears: always there, as a screen reader speaks only what appears inside of a region it knows. */
export function FaultAlert({ fault, ...more }: { fault: Fault | null; class?: string }) {
  return (
    <div role="alert" {...more}>
      {fault && <FaultText fault={fault} />}
    </div>
  );
}

function ServerWords({ fault }: { fault: Fault }) {
  const { tag, t } = useLanguage();
  if (tag === 'en') return <p>{fault.message}</p>;
  return (
    <p class="server-words">
      {t.app.serverSays} <span lang="en">{fault.message}</span>
    </p>
  );
}

function explain(fault: Fault, { tag, t }: Language): { title: string; advice: string | null } {
  const [title, advice] = t.faults[fault.code as FaultCode] ?? t.faults.UNEXPECTED;
  // The server's hint is the better one, as it knows the case; but it is English.
  return { title, advice: tag === 'en' ? (fault.hint ?? advice) : advice };
}
