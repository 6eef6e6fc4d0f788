import { Activity } from './activity/activity.tsx';
import { JobNews } from './activity/job-news.tsx';
import { Backups } from './backups/backups.tsx';
import { Databases } from './databases/databases.tsx';
import { useLanguage } from './i18n/context.tsx';
import { Button } from './parts/button.tsx';
import { FaultText } from './parts/fault-box.tsx';
import { Header } from './parts/header.tsx';
import { WarningIcon } from './parts/icons.tsx';
import { NoticeBoard } from './parts/notice-board.tsx';
import { useCofre } from './state/context.tsx';

export function App() {
  const { t } = useLanguage();
  const { model } = useCofre();
  return (
    <>
      <a class="skip" href="#content">
        {t.app.skip}
      </a>
      <Header />
      <main id="content" tabIndex={-1}>
        <ConnectionFault />
        <NoticeBoard />
        <JobNews />
        {model.databases === null ? <Loading /> : <Content />}
      </main>
    </>
  );
}

function Content() {
  return (
    <>
      <Databases />
      <Backups />
      <Activity />
    </>
  );
}

function Loading() {
  const { t } = useLanguage();
  const { model } = useCofre();
  return model.fault ? null : <p class="loading">{t.app.loading}</p>;
}

/** The server did not answer the last time it was asked: said in place of silently showing old figures. */
function ConnectionFault() {
  const { t, f } = useLanguage();
  const { model, refresh } = useCofre();
  return (
    <div role="alert">
      {model.fault && (
        <div class="banner failing">
          <WarningIcon />
          <div class="banner-text">
            <FaultText fault={model.fault} />
            {model.refreshedAt > 0 && <p>{t.app.stale(f.time(model.refreshedAt))}</p>}
          </div>
          <Button onClick={refresh}>{t.app.retry}</Button>
        </div>
      )}
    </div>
  );
}
