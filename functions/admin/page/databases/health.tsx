import { useLanguage } from '../i18n/context.tsx';
import { CheckIcon, ClockIcon, EmptyIcon, StopIcon } from '../parts/icons.tsx';
import type { HealthStatus } from '../types.ts';

const ICONS = { ok: CheckIcon, late: ClockIcon, failing: StopIcon, never: EmptyIcon };

/** Health in words and by the shape of its icon; the colour only underlines them. */
export function HealthBadge({ status }: { status: HealthStatus }) {
  const { t } = useLanguage();
  const Icon = ICONS[status];
  return (
    <span class={`badge ${status}`} title={t.databases.healthHelp[status]}>
      <Icon />
      {t.databases.health[status]}
    </span>
  );
}
