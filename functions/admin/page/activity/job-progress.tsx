import { useLanguage } from '../i18n/context.tsx';
import type { Language } from '../i18n/language.ts';
import type { Job, Progress } from '../types.ts';
import { doneShare } from './progress-share.ts';

/** A running job. Without a live region on purpose: `JobNews` speaks, in measure. */
export function JobProgress({ job }: { job: Job }) {
  const language = useLanguage();
  const { t, f } = language;
  const share = doneShare(job.progress);
  const phase = job.progress ? t.jobs.phase[job.progress.phase] : t.jobs.status.queued;
  return (
    <div class="progress">
      <p class="progress-head">
        <strong>{t.jobs.running[job.kind]}</strong>
        <span>{phase}</span>
        {share !== null && <span class="progress-percent">{f.percent(share)}</span>}
      </p>
      <progress
        aria-label={`${t.jobs.kind[job.kind]}: ${job.database}`}
        {...(share !== null && { value: share })}
      />
      <p class="progress-facts">
        {job.progress && figures(job.progress, language).map((figure) => <span key={figure}>{figure}</span>)}
      </p>
      {job.progress?.note && <p class="progress-note">{job.progress.note}</p>}
    </div>
  );
}

function figures({ table, rows, bytes, totalBytes, secondsLeft }: Progress, { t, f }: Language): string[] {
  const known = [
    table === null ? null : t.jobs.table(table),
    rows ? t.count.rows(rows) : null,
    bytes && totalBytes ? t.jobs.bytesOf(f.size(bytes), f.size(totalBytes)) : null,
    bytes && !totalBytes ? f.size(bytes) : null,
    secondsLeft ? t.jobs.left(f.duration(secondsLeft)) : null,
  ];
  return known.filter((figure) => figure !== null);
}
