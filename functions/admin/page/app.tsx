import { Activity } from './activity/activity.tsx';
import { JobNews } from './activity/job-news.tsx';
import { Backups } from './backups/backups.tsx';
import { useLinkedDownload } from './backups/linked-download.ts';
import { Databases } from './databases/databases.tsx';
import { useLanguage } from './i18n/context.tsx';
import { Banner } from './parts/banner.tsx';
import { Button } from './parts/button.tsx';
import { FaultText } from './parts/fault-box.tsx';
import { Header } from './parts/header.tsx';
import { WarningIcon } from './parts/icons.tsx';
import { NoticeBoard } from './parts/notice-board.tsx';
import { Account } from './sign-in/account.tsx';
import { useCofre } from './state/context.tsx';

export function App() {
  const { t } = useLanguage();
  const { model } = useCofre();
  return (
    <>
      <a class="skip" href="#content">
        {t.app.skip}
      </a>
      <Header>
        <Account />
      </Header>
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
  useLinkedDownload();
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
        <Banner look="failing" icon={WarningIcon} beside={<Button onClick={refresh}>{t.app.retry}</Button>}>
          <FaultText fault={model.fault} />
          {model.refreshedAt > 0 && <p>{t.app.stale(f.time(model.refreshedAt))}</p>}
        </Banner>
      )}
    </div>
  );
}
