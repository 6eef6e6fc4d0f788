import { useState } from 'preact/hooks';
import { useLanguage } from '../i18n/context.tsx';
import { ChevronIcon, ShieldIcon } from '../parts/icons.tsx';
import { LocalTime } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';
import { useCofre } from '../state/context.tsx';
import type { Backup } from '../types.ts';
import { BackupDetails } from './backup-details.tsx';
import { RowActions } from './row-actions.tsx';
import { whenId } from './when-id.ts';

interface BackupRowProps {
  readonly backup: Backup;
  /** Whether there are several databases to tell apart. */
  readonly several: boolean;
}

export function BackupRow({ backup, several }: BackupRowProps) {
  const { t, f } = useLanguage();
  const { isAdmin } = useCofre();
  const [open, setOpen] = useState(false);
  const details = `details-${backup.id}`;
  return (
    <>
      <tr class={open ? 'backup-row open' : 'backup-row'}>
        <td class="when">
          <When backup={backup} open={open} controls={details} onToggle={() => setOpen(!open)} />
        </td>
        {several && <td data-label={t.backups.database}>{backup.database}</td>}
        <td data-label={t.backups.trigger}>{t.backups.triggers[backup.trigger] ?? backup.trigger}</td>
        <td data-label={t.backups.size} class="figure">
          {f.size(backup.size)}
          <small>{t.backups.unpacked(f.size(backup.rawSize))}</small>
        </td>
        <td data-label={t.backups.rows} class="figure">
          {f.number(backup.rows)}
        </td>
        <td data-label={t.backups.kept} class="kept">
          <Kept backup={backup} />
        </td>
        {isAdmin && (
          <td class="actions">
            <RowActions backup={backup} />
          </td>
        )}
      </tr>
      {open && (
        <tr class="details-row" id={details}>
          <td colSpan={5 + Number(several) + Number(isAdmin)}>
            <BackupDetails backup={backup} />
          </td>
        </tr>
      )}
    </>
  );
}

interface WhenProps {
  readonly backup: Backup;
  readonly open: boolean;
  readonly controls: string;
  readonly onToggle: () => void;
}

/** The time opens the details: the widest target of the row. */
function When({ backup, open, controls, onToggle }: WhenProps) {
  const { t, f } = useLanguage();
  const now = useNow();
  return (
    <button
      type="button"
      class="disclosure"
      aria-expanded={open}
      {...(open && { 'aria-controls': controls })}
      onClick={onToggle}
    >
      <ChevronIcon />
      <span>
        <LocalTime at={backup.startedAt} id={whenId(backup)} />
        <small>{f.age(backup.startedAt, now)}</small>
        <span class="hidden">, {t.app.details}</span>
      </span>
    </button>
  );
}

function Kept({ backup }: { backup: Backup }) {
  const { t } = useLanguage();
  const name = t.backups.retention[backup.retention] ?? backup.retention;
  if (!backup.held) return <>{name}</>;
  return (
    <span class="held" title={t.backups.heldHelp}>
      <ShieldIcon />
      {t.backups.held}
    </span>
  );
}
