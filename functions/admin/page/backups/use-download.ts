import { download } from '../download.ts';
import { toFault } from '../fault.ts';
import { useLanguage } from '../i18n/context.tsx';
import { useAction } from '../parts/use-action.ts';
import { useNotices } from '../state/notices.tsx';
import type { Backup, Form } from '../types.ts';

interface Download {
  readonly busy: boolean;
  start(backup: Backup, form: Form): Promise<unknown>;
}

/** Downloads, with a word on what the browser will save. */
export function useDownload(): Download {
  const { t } = useLanguage();
  const { tell, warn } = useNotices();
  const action = useAction();
  return { busy: action.busy, start: (backup, form) => action.run(() => attempt(backup, form)) };

  async function attempt(backup: Backup, form: Form): Promise<void> {
    try {
      const got = await download(backup, form);
      const text = got.form === form ? t.backups.downloading : t.backups.downloadingPacked;
      tell(text(got.fileName));
    } catch (error) {
      warn('', toFault(error));
    }
  }
}
