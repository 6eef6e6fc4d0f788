import { useEffect, useState } from 'preact/hooks';
import { api } from '../api.ts';
import { useLanguage } from '../i18n/context.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { LocalTime } from '../parts/time.tsx';
import { useCofre } from '../state/context.tsx';
import type { Backup, Database } from '../types.ts';
import { SizeChart } from './size-chart.tsx';

const SHOWN = 30;

/** How the backups of a database grew: a chart, and the same as a table. */
export function SizeHistory({ database }: { database: Database }) {
  const { t } = useLanguage();
  const backups = useHistory(database);
  // One bar says nothing of growth.
  if (backups.length < 2) return null;
  return (
    <div class="history">
      <SizeChart database={database.name} backups={backups} />
      <details>
        <summary>{t.chart.asTable}</summary>
        <SizeTable backups={backups} />
      </details>
    </div>
  );
}

/** Oldest first. Read anew only when backups came or went: each costs the server a look at every manifest. */
function useHistory({ name, health }: Database): readonly Backup[] {
  const { revision } = useCofre().model;
  const [backups, setBackups] = useState<readonly Backup[]>([]);
  const lastId = health.lastBackup?.id;
  useEffect(() => {
    let wanted = true;
    // The chart is an extra: when it cannot be had, the rest of the page says what is wrong.
    api.backups({ database: name, limit: SHOWN }).then(
      (page) => wanted && setBackups(page.backups.toReversed()),
      () => {},
    );
    return () => {
      wanted = false;
    };
  }, [name, lastId, revision]);
  return backups;
}

function SizeTable({ backups }: { backups: readonly Backup[] }) {
  const { t, f } = useLanguage();
  return (
    <Scroll label={t.chart.asTable}>
      <table class="small">
        <thead>
          <tr>
            <th scope="col">{t.backups.when}</th>
            <th scope="col" class="figure">
              {t.backups.size}
            </th>
          </tr>
        </thead>
        <tbody>
          {backups.toReversed().map((backup) => (
            <tr key={backup.id}>
              <td>
                <LocalTime at={backup.startedAt} />
              </td>
              <td class="figure">{f.size(backup.size)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
