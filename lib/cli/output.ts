import type { CofreError } from '../errors.ts';

/** Where a command writes. With `json`, stdout gets one object and nothing else. */
export interface Output {
  readonly json: boolean;
  /** The command's result: as JSON, or as `text` for people. */
  result(value: object, text: () => string): void;
  /** Words beside the result, for people only: to stderr. */
  note(text: string): void;
  failure(error: CofreError): void;
}

export interface Streams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  readonly stdin: NodeJS.ReadableStream & { isTTY?: boolean };
}

export function openOutput(json: boolean, { stdout, stderr }: Streams): Output {
  return {
    json,
    result: (value, text) => void stdout.write(`${json ? JSON.stringify(value, null, 2) : text()}\n`),
    note: (text) => void (json || stderr.write(`${text}\n`)),
    failure: ({ code, message, hint }) => {
      if (json)
        stdout.write(`${JSON.stringify({ error: { code, message, hint: hint ?? null } }, null, 2)}\n`);
      else stderr.write(`cofre: ${message}${hint ? `\n  ${hint}` : ''}\n`);
    },
  };
}

/** Columns as wide as their widest cell, two spaces between them. Numbers, written as strings, align right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = header.map((head, at) =>
    aligned(
      head,
      rows.map((row) => row[at] ?? ''),
    ),
  );
  return [header, ...rows].map((_, line) => lineOf(columns.map((cells) => cells[line]))).join('\n');
}

const lineOf = (cells: readonly (string | undefined)[]) => cells.join('  ').trimEnd();

/** A column, its head first. */
function aligned(head: string, cells: readonly string[]): string[] {
  const all = [head, ...cells];
  const width = Math.max(...all.map(({ length }) => length));
  const right = cells.length > 0 && cells.every((cell) => /^[\d.,]+( \w+)?$/.test(cell));
  return all.map((cell) => (right ? cell.padStart(width) : cell.padEnd(width)));
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `4.0 MiB`; powers of 1024. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return power === 0 ? `${bytes} B` : `${(bytes / 1024 ** power).toFixed(1)} ${UNITS[power]}`;
}

export function formatCount(count: number): string {
  return count.toLocaleString('en');
}

/** `2.4 s`, `3 min 20 s`, `1 h 5 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? Number(seconds.toFixed(1)) : Math.round(seconds)} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.round((seconds % 3_600) / 60)} min`;
}

/** `2026-11-23 18:58:53 UTC`. */
export function formatTime(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}
