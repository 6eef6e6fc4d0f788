import type { Manifest } from './archive/manifest.ts';
import { readArchive } from './archive/reader.ts';
import type { VerbDeps } from './backup.ts';
import type { Backup } from './catalog.ts';
import type { DumpParts, LoadInput } from './engines/engine.ts';
import type { Store } from './store/store.ts';

/** Where a restore takes its data from; a file that Cofre did not make has neither `manifest` nor `parts`. */
export interface RestoreSource {
  /** Id of the backup, or path of the file. */
  readonly label: string;
  readonly manifest: Manifest | undefined;
  readonly input: (signal: AbortSignal) => LoadInput;
  /** Reads single parts of the archive, and nothing else of it. */
  readonly parts?: (signal: AbortSignal) => DumpParts;
}

/** A backup has all of it. */
export interface BackupSource extends Required<RestoreSource> {
  readonly manifest: Manifest;
  readonly input: (signal: AbortSignal) => Required<LoadInput>;
}

/** A backup of the catalog as the source of a restore. */
export function sourceOf({ store }: Pick<VerbDeps, 'store'>, { id, key, manifest }: Backup): BackupSource {
  return { label: id, ...indexedSource(store, key, manifest) };
}

export function indexedSource(store: Store, key: string, manifest: Manifest): Omit<BackupSource, 'label'> {
  const { archive, tables, details } = manifest;
  const expected = { rawSize: archive.rawSize, tables, details };
  const parts = (signal: AbortSignal): DumpParts => ({
    tables: tablesIn(manifest),
    read: (section, wanted) => {
      const isWanted = wanting(wanted);
      const frames = manifest.frames.filter((it) => it.section === section && isWanted(it.table));
      return readArchive(store, key, manifest, signal, frames);
    },
  });
  return {
    manifest,
    input: (signal) => ({
      frames: readArchive(store, key, manifest, signal),
      parts: parts(signal),
      expected,
    }),
    parts,
  };
}

function wanting(tables: readonly string[] | undefined): (table: string | undefined) => boolean {
  if (tables === undefined) return () => true;
  if (tables.length === 0) return (table) => table === undefined;
  const wanted = new Set(tables);
  return (table) => table !== undefined && wanted.has(table);
}

function tablesIn({ frames }: Manifest): { name: string; size: number }[] {
  const sizes = new Map<string, number>();
  for (const { table, rawSize } of frames) {
    if (table !== undefined) sizes.set(table, (sizes.get(table) ?? 0) + rawSize);
  }
  return [...sizes].map(([name, size]) => ({ name, size }));
}
