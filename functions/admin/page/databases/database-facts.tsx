import { useLanguage } from '../i18n/context.tsx';
import { scheduleInWords } from '../i18n/schedule.ts';
import { Fact } from '../parts/fact.tsx';
import { LocalTime } from '../parts/time.tsx';
import { useNow } from '../parts/use-now.ts';
import type { Database } from '../types.ts';

export function DatabaseFacts({ database }: { database: Database }) {
  const { t, f } = useLanguage();
  const { schedule } = database;
  return (
    <dl class="facts">
      <LastBackup database={database} />
      <NextRun at={database.nextRun} />
      <Fact name={t.databases.schedule} width="long">
        {schedule ? (
          <span title={schedule}>{scheduleInWords(schedule, t.schedule, f)}</span>
        ) : (
          t.databases.onDemand
        )}
      </Fact>
      <Fact name={t.databases.source} width="full">
        <code class="source">{database.source}</code>
      </Fact>
    </dl>
  );
}

function LastBackup({ database }: { database: Database }) {
  const { t, f } = useLanguage();
  const now = useNow();
  const last = database.health.lastBackup;
  if (!last) return <Fact name={t.databases.lastBackup}>{t.databases.none}</Fact>;
  return (
    <Fact name={t.databases.lastBackup}>
      <span class="age">{f.age(last.startedAt, now)}</span>
      <small>
        <LocalTime at={last.startedAt} />
      </small>
      <small>{f.size(last.size)}</small>
    </Fact>
  );
}

function NextRun({ at }: { at: string | null }) {
  const { t, f } = useLanguage();
  const now = useNow();
  if (!at) return <Fact name={t.databases.nextRun}>{t.databases.noNextRun}</Fact>;
  return (
    <Fact name={t.databases.nextRun}>
      {f.age(at, now)}
      <small>
        <LocalTime at={at} />
      </small>
    </Fact>
  );
}
