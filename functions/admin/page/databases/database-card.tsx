import { JobProgress } from '../activity/job-progress.tsx';
import { useLanguage } from '../i18n/context.tsx';
import { FaultText } from '../parts/fault-box.tsx';
import { useNow } from '../parts/use-now.ts';
import { useCofre } from '../state/context.tsx';
import type { Model } from '../state/session.ts';
import { type Database, isActive, type Job } from '../types.ts';
import { DatabaseActions } from './database-actions.tsx';
import { DatabaseFacts } from './database-facts.tsx';
import { HealthBadge } from './health.tsx';
import { SizeHistory } from './size-history.tsx';

/** One database: how well it is backed up, what runs, and what can be done. */
export function DatabaseCard({ database }: { database: Database }) {
  const { t } = useLanguage();
  const { model, isAdmin } = useCofre();
  const jobs = runningJobs(model, database);
  const { status } = database.health;
  const heading = `database-${database.name}`;
  return (
    <article class="card" aria-labelledby={heading}>
      <header class="card-head">
        <h3 id={heading}>{database.name}</h3>
        <HealthBadge status={status} />
      </header>
      {status === 'late' && <p class="card-note">{t.databases.healthHelp.late}</p>}
      <div class="card-body">
        <DatabaseFacts database={database} />
        <SizeHistory database={database} />
      </div>
      <LastFailure database={database} />
      {jobs.map((job) => (
        <JobProgress key={job.id} job={job} />
      ))}
      {/* Verifying only reads the store, so it does not keep the database busy. */}
      {isAdmin && (
        <DatabaseActions
          database={database}
          busy={jobs.some(({ kind }) => kind === 'backup' || kind === 'restore')}
        />
      )}
    </article>
  );
}

/** The list of jobs is read every second, the databases less often: what it knows of a job counts. */
function runningJobs({ jobs }: Model, { name, running }: Database): readonly Job[] {
  const listed = jobs.filter((job) => job.database === name && isActive(job));
  return running && !jobs.some(({ id }) => id === running.id) ? [...listed, running] : listed;
}

function LastFailure({ database: { health } }: { database: Database }) {
  const { t, f } = useLanguage();
  const now = useNow();
  const failure = health.lastFailure;
  if (health.status !== 'failing' || !failure?.error) return null;
  const ago = f.age(failure.finishedAt ?? failure.createdAt, now);
  return (
    <div class="card-fault">
      <FaultText fault={failure.error} heading={t.databases.lastFailure(ago)} />
    </div>
  );
}
