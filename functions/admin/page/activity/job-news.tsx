import { useEffect, useRef, useState } from 'preact/hooks';
import { useLanguage } from '../i18n/context.tsx';
import type { Messages } from '../i18n/messages.ts';
import { useCofre } from '../state/context.tsx';
import { useNotices } from '../state/notices.tsx';
import { isActive, type Job } from '../types.ts';
import { doneShare } from './progress-share.ts';

const QUARTERS = 4;

/**
 * Tells how jobs come along: their end as a notice, their progress to screen readers only, and only by the quarter,
 * since the progress bars on the screen change every second.
 */
export function JobNews() {
  const spoken = useSpokenProgress();
  useEndings();
  return (
    <p class="hidden" role="status">
      {spoken}
    </p>
  );
}

function useEndings(): void {
  const { t } = useLanguage();
  const { session } = useCofre();
  const { tell, warn } = useNotices();
  useEffect(
    () =>
      session.onFinish((job) => {
        if (job.error) warn(t.jobs.failed(job.kind, job.database), job.error);
        else tell(t.jobs.succeeded(job.kind, job.database, job.result?.result));
      }),
    [session, t, tell, warn],
  );
}

function useSpokenProgress(): string {
  const { t, f } = useLanguage();
  const { jobs } = useCofre().model;
  const [spoken, setSpoken] = useState('');
  const told = useRef(new Map<string, number>());
  useEffect(() => {
    for (const job of jobs.filter(isActive)) {
      const quarter = Math.floor((doneShare(job.progress) ?? 0) * QUARTERS);
      if (quarter <= (told.current.get(job.id) ?? -1)) continue;
      told.current.set(job.id, quarter);
      setSpoken(sentence(job, quarter, t.jobs, f.percent));
    }
  }, [jobs, t, f]);
  return spoken;
}

function sentence(
  job: Job,
  quarter: number,
  texts: Messages['jobs'],
  percent: (n: number) => string,
): string {
  if (quarter === 0) return texts.started(job.kind, job.database);
  return texts.percent(job.kind, job.database, percent(quarter / QUARTERS));
}
