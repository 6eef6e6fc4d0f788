import { useLanguage } from '../i18n/context.tsx';
import { useCofre } from '../state/context.tsx';
import type { Backup } from '../types.ts';
import { BackupRow } from './backup-row.tsx';

/** Newest first. On narrow screens the style sheet turns each row into a small card. */
export function BackupTable({ backups }: { backups: readonly Backup[] }) {
  const { t } = useLanguage();
  const several = (useCofre().model.databases?.length ?? 0) > 1;
  return (
    <table class="backups">
      <thead>
        <tr>
          <th scope="col">{t.backups.when}</th>
          {several && <th scope="col">{t.backups.database}</th>}
          <th scope="col">{t.backups.trigger}</th>
          <th scope="col" class="figure">
            {t.backups.size}
          </th>
          <th scope="col" class="figure">
            {t.backups.rows}
          </th>
          <th scope="col">{t.backups.kept}</th>
          <th scope="col">
            <span class="hidden">{t.backups.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {backups.map((backup) => (
          <BackupRow key={backup.id} backup={backup} several={several} />
        ))}
      </tbody>
    </table>
  );
}
