import { useId, useState } from 'preact/hooks';
import { useLanguage } from '../i18n/context.tsx';
import type { Language } from '../i18n/language.ts';
import { known } from '../known.ts';
import type { Backup } from '../types.ts';

const HEIGHT = 48;
const STEP = 10;
const BAR = 7;
/** With few backups the bars keep their width and stand at the right. */
const FEWEST = 15;

interface SizeChartProps {
  readonly database: string;
  /** Oldest first. */
  readonly backups: readonly Backup[];
}

/** One bar for each backup, from zero, so that a bar half as high is half as big. */
export function SizeChart({ database, backups }: SizeChartProps) {
  const language = useLanguage();
  const [pointed, setPointed] = useState<Backup | null>(null);
  const title = useId();
  const description = useId();
  const width = Math.max(FEWEST, backups.length) * STEP;
  return (
    <figure class="chart">
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-labelledby={`${title} ${description}`}
        onPointerLeave={() => setPointed(null)}
      >
        <title id={title}>{language.t.chart.title(database)}</title>
        <desc id={description}>{describe(backups, language)}</desc>
        <Bars backups={backups} width={width} onPoint={setPointed} />
      </svg>
      <figcaption>{pointed ? value(pointed, language) : summary(backups, language)}</figcaption>
    </figure>
  );
}

interface BarsProps {
  readonly backups: readonly Backup[];
  readonly width: number;
  readonly onPoint: (backup: Backup) => void;
}

function Bars({ backups, width, onPoint }: BarsProps) {
  const largest = Math.max(1, ...backups.map(({ size }) => size));
  const left = width - backups.length * STEP;
  return (
    <>
      {backups.map((backup, index) => {
        const height = Math.max(1.5, (backup.size / largest) * HEIGHT);
        const x = left + index * STEP;
        return (
          // The whole column answers to the pointer, not only the bar, which may be low.
          <g key={backup.id} class="column" onPointerEnter={() => onPoint(backup)}>
            <rect class="column-area" x={x} y={0} width={STEP} height={HEIGHT} />
            <rect class="bar" x={x + (STEP - BAR) / 2} y={HEIGHT - height} width={BAR} height={height} />
          </g>
        );
      })}
    </>
  );
}

function value(backup: Backup, { f }: Language): string {
  return `${f.date(backup.startedAt)} · ${f.size(backup.size)}`;
}

function summary(backups: readonly Backup[], { t, f }: Language): string {
  return t.chart.caption(backups.length, f.size(Math.max(...backups.map(({ size }) => size))));
}

function describe(backups: readonly Backup[], language: Language): string {
  const [first, last] = [known(backups[0]), known(backups.at(-1))];
  return language.t.chart.description(backups.length, value(first, language), value(last, language));
}
