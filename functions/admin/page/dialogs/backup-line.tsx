import { useLanguage } from '../i18n/context.tsx';
import { LocalTime } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';
import type { Backup } from '../types.ts';

/** Which backup a dialog speaks of. */
export function BackupLine({ backup }: { backup: Backup }) {
  const { t, f } = useLanguage();
  const now = useNow();
  return (
    <p class="backup-line">
      <strong>{backup.database}</strong>
      <span>
        <LocalTime at={backup.startedAt} /> ({f.age(backup.startedAt, now)})
      </span>
      <span>
        {f.size(backup.rawSize)} · {t.count.rows(backup.rows)}
      </span>
    </p>
  );
}
