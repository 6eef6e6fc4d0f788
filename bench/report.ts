import { arch, cpus, release, totalmem } from 'node:os';
import { median, type Run } from './measure.ts';
import type { Case } from './suite.ts';

export interface Result {
  readonly it: Case;
  readonly cofre: readonly Run[];
  readonly other: readonly Run[];
}

const MIB = 1024 * 1024;

/** Medians, and the ratio's median pair by pair: what a drifting machine disturbs least. */
export function table(results: readonly Result[]): string {
  const head = [
    '| case | against | cofre, s | other, s | ratio | target | peak memory, MiB (largest process / all) |',
    '|---|---|---|---|---|---|---|',
  ];
  return [...head, ...results.map(row)].join('\n');
}

function row({ it, cofre, other }: Result): string {
  const ratio = median(cofre.map((run, index) => run.seconds / other[index]!.seconds));
  const seconds = (runs: readonly Run[]) => median(runs.map((run) => run.seconds)).toFixed(2);
  const peak = (of: (run: Run) => number) => Math.round(Math.max(...cofre.map(of)) / MIB);
  const memory = `${peak((run) => run.peakProcess)} / ${peak((run) => run.peakTree)}`;
  const cells = [
    it.name,
    // A bar would end the cell.
    `\`${it.otherName.replaceAll('|', '\\|')}\``,
    seconds(cofre),
    seconds(other),
    ratio.toFixed(2),
    `≤ ${it.target}`,
    memory,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The machine in words: what somebody needs to judge the figures. */
export function machine(versions: string): string {
  const all = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${all.length} cores (${all[0]?.model.trim()}, ${arch()}), ${memory} GiB of memory, Linux ${release()}, Node ${process.versions.node}; ${versions}.`;
}
