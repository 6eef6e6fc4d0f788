import { useLanguage } from '../i18n/context.tsx';
import { Banner } from '../parts/banner.tsx';
import { WarningIcon } from '../parts/icons.tsx';
import type { Damaged } from '../types.ts';

/** What looks like a backup and is none: shown so that nobody relies on it. */
export function DamagedList({ damaged }: { damaged: readonly Damaged[] }) {
  const { t } = useLanguage();
  return (
    <Banner look="late damaged" icon={WarningIcon}>
      <p class="fault-title">{t.backups.damaged(damaged.length)}</p>
      <p>{t.backups.damagedHint}</p>
      <ul>
        {damaged.map(({ key, message }) => (
          <li key={key}>
            <code>{key}</code> <span lang="en">{message}</span>
          </li>
        ))}
      </ul>
    </Banner>
  );
}
