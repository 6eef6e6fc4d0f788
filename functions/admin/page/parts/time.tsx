import { useLanguage } from '../i18n/context.tsx';
import { utc } from '../i18n/formats.ts';

/** A moment in the reader's own time; UTC, which file names and schedules speak, on hover. */
export function LocalTime({ at, id }: { at: string; id?: string }) {
  const { f } = useLanguage();
  return (
    <time dateTime={at} title={utc(at)} {...(id && { id })}>
      {f.date(at)}
    </time>
  );
}
