import { api } from '../api.ts';
import { BACKUPS_HEADING } from '../backups/heading.ts';
import { useLanguage } from '../i18n/context.tsx';
import { Banner } from '../parts/banner.tsx';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FaultAlert } from '../parts/fault-box.tsx';
import { ShieldIcon } from '../parts/icons.tsx';
import { useAction } from '../parts/use-action.ts';
import { useCofre } from '../state/context.tsx';
import { useNotices } from '../state/notices.tsx';
import type { Backup } from '../types.ts';
import { BackupLine } from './backup-line.tsx';

interface DeleteDialogProps {
  readonly backup: Backup;
  readonly onClose: () => void;
}

/** A simple question; for the newest whole backup a refusal, with a way past it for who insists. */
export function DeleteDialog({ backup, onClose }: DeleteDialogProps) {
  const { t, f } = useLanguage();
  const { session } = useCofre();
  const { tell } = useNotices();
  const removal = useAction();
  // It may have become the newest one since the list was read; then the server says so.
  const held = backup.held || removal.fault?.code === 'BACKUP_HELD';
  return (
    <Dialog title={t.remove.title} onClose={onClose}>
      <BackupLine backup={backup} />
      {held ? <Refusal database={backup.database} /> : <Question />}
      <FaultAlert fault={held ? null : removal.fault} />
      <footer class="dialog-actions">
        <Button onClick={onClose}>{t.app.cancel}</Button>
        <Button look="danger" busy={removal.busy} onClick={remove}>
          {held ? t.remove.force : t.remove.submit}
        </Button>
      </footer>
    </Dialog>
  );

  async function remove(): Promise<void> {
    if (!(await removal.run(() => api.remove(backup.id, held)))) return;
    onClose();
    tell(t.backups.deleted(f.date(backup.startedAt)));
    await session.backupsChanged();
    document.getElementById(BACKUPS_HEADING)?.focus();
  }
}

function Question() {
  const { t } = useLanguage();
  return (
    <p>
      {t.remove.question} {t.remove.final}
    </p>
  );
}

function Refusal({ database }: { database: string }) {
  const { t } = useLanguage();
  return (
    <div role="alert">
      <Banner look="late" icon={ShieldIcon}>
        <p class="fault-title">{t.remove.refused}</p>
        <p>{t.remove.refusedDetail(database)}</p>
      </Banner>
    </div>
  );
}
