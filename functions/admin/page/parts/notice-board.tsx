import { useEffect } from 'preact/hooks';
import { useLanguage } from '../i18n/context.tsx';
import { type Notice, useNotices } from '../state/notices.tsx';
import { Banner } from './banner.tsx';
import { FaultText } from './fault-box.tsx';
import { CheckIcon, CloseIcon, StopIcon } from './icons.tsx';

/** Good news goes by itself: it stays readable under the recent activity. */
const GOOD_NEWS_MS = 12_000;

/** The two regions are always there: a screen reader speaks only what appears inside of a region it knows. */
export function NoticeBoard() {
  const { notices } = useNotices();
  const failures = notices.filter(({ fault }) => fault !== null);
  const news = notices.filter(({ fault }) => fault === null);
  return (
    <div class="notices">
      <div role="alert">{failures.map(asLine)}</div>
      <div role="status">{news.map(asLine)}</div>
    </div>
  );
}

const asLine = (notice: Notice) => <NoticeLine key={notice.id} notice={notice} />;

function NoticeLine({ notice: { id, text, fault } }: { notice: Notice }) {
  const { t } = useLanguage();
  const { dismiss } = useNotices();
  useEffect(() => {
    if (fault) return undefined;
    const timer = setTimeout(() => dismiss(id), GOOD_NEWS_MS);
    return () => clearTimeout(timer);
  }, [id, fault, dismiss]);
  const dismissal = (
    <button type="button" class="icon-button" aria-label={t.app.dismiss} onClick={() => dismiss(id)}>
      <CloseIcon />
    </button>
  );
  return (
    <Banner look={fault ? 'failing' : 'ok'} icon={fault ? StopIcon : CheckIcon} beside={dismissal}>
      {fault ? <FaultText fault={fault} heading={text} /> : <p>{text}</p>}
    </Banner>
  );
}
