import { useLanguage } from '../i18n/context.tsx';
import { Button } from '../parts/button.tsx';
import { FaultAlert } from '../parts/fault-box.tsx';
import { useAction } from '../parts/use-action.ts';
import { useCofre } from '../state/context.tsx';
import { BackupTable } from './backup-table.tsx';
import { DamagedList } from './damaged-list.tsx';
import { BACKUPS_HEADING } from './heading.ts';

export function Backups() {
  const { t } = useLanguage();
  const { model } = useCofre();
  const { backups, damaged } = model.list;
  return (
    <section aria-labelledby={BACKUPS_HEADING}>
      <div class="section-head">
        <h2 id={BACKUPS_HEADING} tabIndex={-1}>
          {t.backups.heading}
        </h2>
        <DatabaseFilter />
      </div>
      {damaged.length > 0 && <DamagedList damaged={damaged} />}
      {backups.length === 0 ? <Empty /> : <BackupTable backups={backups} />}
      {model.list.nextCursor !== null && <LoadMore />}
    </section>
  );
}

function DatabaseFilter() {
  const { t } = useLanguage();
  const { model, session } = useCofre();
  const names = (model.databases ?? []).map(({ name }) => name);
  if (names.length < 2) return null;
  return (
    <label class="filter">
      <span>{t.backups.filter}</span>
      <select value={model.filter} onChange={(event) => session.filterBy(event.currentTarget.value)}>
        <option value="">{t.backups.all}</option>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

function Empty() {
  const { t } = useLanguage();
  return (
    <p class="empty">
      <strong>{t.backups.empty}</strong> {t.backups.emptyHint}
    </p>
  );
}

function LoadMore() {
  const { t } = useLanguage();
  const { model, session } = useCofre();
  const more = useAction();
  return (
    <div class="load-more">
      <Button busy={more.busy} onClick={() => more.run(() => session.loadMore())}>
        {t.backups.loadMore}
      </Button>
      <span role="status">{t.backups.shown(model.list.backups.length)}</span>
      <FaultAlert fault={more.fault} />
    </div>
  );
}
