import { useId, useState } from 'preact/hooks';
import { api } from '../api.ts';
import { useLanguage } from '../i18n/context.tsx';
import { Banner } from '../parts/banner.tsx';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { FaultAlert } from '../parts/fault-box.tsx';
import { WarningIcon } from '../parts/icons.tsx';
import { useAction } from '../parts/use-action.ts';
import { useCofre } from '../state/context.tsx';
import type { Backup } from '../types.ts';
import { BackupLine } from './backup-line.tsx';

interface RestoreDialogProps {
  readonly backup: Backup;
  readonly onClose: () => void;
}

/** Restoring replaces everything, so it asks for the database's name, letter by letter. */
export function RestoreDialog({ backup, onClose }: RestoreDialogProps) {
  const { t } = useLanguage();
  const { follow } = useCofre();
  const [name, setName] = useState('');
  const [safety, setSafety] = useState(true);
  const restore = useAction();
  const matches = name.trim() === backup.database;
  return (
    <Dialog title={t.restore.title} onClose={onClose}>
      <form onSubmit={submit}>
        <BackupLine backup={backup} />
        <Banner look="failing" icon={WarningIcon}>
          <p class="fault-title">{t.restore.warning}</p>
          <p>{t.restore.warningDetail(backup.database)}</p>
        </Banner>
        <SafetyChoice checked={safety} onChange={setSafety} />
        <ConfirmField database={backup.database} value={name} onInput={setName} />
        <FaultAlert fault={restore.fault} />
        <footer class="dialog-actions">
          <Button onClick={onClose}>{t.app.cancel}</Button>
          <Button look="danger" type="submit" disabled={!matches} busy={restore.busy}>
            {t.restore.submit}
          </Button>
        </footer>
      </form>
    </Dialog>
  );

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (!matches) return;
    const request = {
      database: backup.database,
      backup: backup.id,
      confirm: name.trim(),
      safetyBackup: safety,
    };
    const started = await restore.run(async () => follow((await api.restore(request)).job));
    if (started) onClose();
  }
}

function SafetyChoice({ checked, onChange }: { checked: boolean; onChange: (checked: boolean) => void }) {
  const { t } = useLanguage();
  const help = useId();
  return (
    <div class="choice">
      <label>
        <input
          type="checkbox"
          checked={checked}
          aria-describedby={help}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        {t.restore.safety}
      </label>
      <small id={help}>{checked ? t.restore.safetyHelp : t.restore.noSafety}</small>
    </div>
  );
}

interface ConfirmFieldProps {
  readonly database: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

function ConfirmField({ database, value, onInput }: ConfirmFieldProps) {
  const { t } = useLanguage();
  const [before, after] = t.restore.confirm;
  return (
    <label class="field">
      <span>
        {before}
        <strong class="to-type">{database}</strong>
        {after}
      </span>
      <input
        type="text"
        value={value}
        data-focus
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </label>
  );
}
