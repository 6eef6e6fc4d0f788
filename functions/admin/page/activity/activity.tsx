import { actorName } from '../i18n/actor.ts';
import { useLanguage } from '../i18n/context.tsx';
import type { Language } from '../i18n/language.ts';
import { FaultText } from '../parts/fault-box.tsx';
import { CheckIcon, ClockIcon, StopIcon } from '../parts/icons.tsx';
import { LocalTime } from '../parts/time.tsx';
import { useCofre } from '../state/context.tsx';
import type { Job, JobStatus } from '../types.ts';

const SHOWN = 10;

/** The latest jobs, failed ones with their reason. */
export function Activity() {
  const { t } = useLanguage();
  const { jobs } = useCofre().model;
  return (
    <section aria-labelledby="activity-heading">
      <h2 id="activity-heading">{t.jobs.heading}</h2>
      {jobs.length === 0 ? (
        <p class="empty">{t.jobs.empty}</p>
      ) : (
        <ul class="activity">
          {jobs.slice(0, SHOWN).map((job) => (
            <JobLine key={job.id} job={job} />
          ))}
        </ul>
      )}
    </section>
  );
}

function JobLine({ job }: { job: Job }) {
  const language = useLanguage();
  const { t } = language;
  return (
    <li class={`job ${job.status}`}>
      <span class="job-status">
        <StatusIcon status={job.status} />
        {t.jobs.status[job.status]}
      </span>
      <span class="job-what">
        <strong>{t.jobs.kind[job.kind]}</strong> {job.database}
      </span>
      <span class="job-when">
        <LocalTime at={job.startedAt ?? job.createdAt} />
      </span>
      <span class="job-how">{circumstances(job, language)}</span>
      {job.error && <FaultText fault={job.error} />}
    </li>
  );
}

function circumstances({ startedAt, finishedAt, actor }: Job, { t, f }: Language): string {
  const by = t.jobs.by(actorName(actor, t));
  if (!startedAt || !finishedAt) return by;
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return `${t.jobs.took(f.duration(seconds))} · ${by}`;
}

function StatusIcon({ status }: { status: JobStatus }) {
  if (status === 'failed') return <StopIcon />;
  return status === 'succeeded' ? <CheckIcon /> : <ClockIcon />;
}
