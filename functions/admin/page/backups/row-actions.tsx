import { useState } from 'preact/hooks';
import { api } from '../api.ts';
import { DeleteDialog } from '../dialogs/delete-dialog.tsx';
import { RestoreDialog } from '../dialogs/restore-dialog.tsx';
import { toFault } from '../fault.ts';
import { useLanguage } from '../i18n/context.tsx';
import { Button } from '../parts/button.tsx';
import { useCofre } from '../state/context.tsx';
import { useNotices } from '../state/notices.tsx';
import type { Backup } from '../types.ts';
import { useDownload } from './use-download.ts';
import { whenId } from './when-id.ts';

export function RowActions({ backup }: { backup: Backup }) {
  const { t } = useLanguage();
  const [asked, setAsked] = useState<'restore' | 'delete' | null>(null);
  const download = useDownload();
  const verify = useVerify(backup);
  const describedBy = whenId(backup);
  const close = () => setAsked(null);
  return (
    <div class="row-actions">
      <Button describedBy={describedBy} onClick={() => setAsked('restore')}>
        {t.backups.restore}
      </Button>
      <Button describedBy={describedBy} busy={download.busy} onClick={() => download.start(backup, 'plain')}>
        {t.backups.download}
      </Button>
      <Button look="quiet" describedBy={describedBy} onClick={verify}>
        {t.backups.verify}
      </Button>
      <Button look="quiet-danger" describedBy={describedBy} onClick={() => setAsked('delete')}>
        {t.backups.delete}
      </Button>
      {asked === 'restore' && <RestoreDialog backup={backup} onClose={close} />}
      {asked === 'delete' && <DeleteDialog backup={backup} onClose={close} />}
    </div>
  );
}

/** Reading a backup back is a job like any other: its progress shows on the card, its end as a notice. */
function useVerify(backup: Backup): () => Promise<void> {
  const { follow } = useCofre();
  const { warn } = useNotices();
  return async () => {
    try {
      follow((await api.verify(backup.id)).job);
    } catch (error) {
      warn('', toFault(error));
    }
  };
}
