import type { Manifest } from './archive/manifest.ts';
import { readArchive } from './archive/reader.ts';
import type { VerbDeps } from './backup.ts';
import type { Backup } from './catalog.ts';
import type { LoadInput, RawFrame, Section } from './engines/engine.ts';
import type { Store } from './store/store.ts';

/** Frames of one section; of `data` with `tables` only those that hold rows of them. */
export type ReadPart = (section: Section, tables?: readonly string[]) => AsyncIterable<RawFrame>;

/** Where a restore takes its data from; a file that Cofre did not make has neither `manifest` nor `parts`. */
export interface RestoreSource {
  /** Id of the backup, or path of the file. */
  readonly label: string;
  readonly manifest: Manifest | undefined;
  readonly input: (signal: AbortSignal) => LoadInput;
  /** Reads single parts of the archive, and nothing else of it. */
  readonly parts?: (signal: AbortSignal) => ReadPart;
}

/** A backup of the catalog as the source of a restore. */
export function sourceOf({ store }: Pick<VerbDeps, 'store'>, { id, key, manifest }: Backup): RestoreSource {
  return { label: id, ...indexedSource(store, key, manifest) };
}

export function indexedSource(
  store: Store,
  key: string,
  manifest: Manifest,
): Required<Omit<RestoreSource, 'label'>> {
  const { archive, tables, details } = manifest;
  const expected = { rawSize: archive.rawSize, tables, details };
  return {
    manifest,
    input: (signal) => ({ frames: readArchive(store, key, manifest, signal), expected }),
    parts: (signal) => (section, wanted) => {
      const frames = manifest.frames.filter((it) => it.section === section && isWanted(it.table, wanted));
      return readArchive(store, key, manifest, signal, frames);
    },
  };
}

function isWanted(table: string | undefined, wanted: readonly string[] | undefined): boolean {
  return wanted === undefined || (table !== undefined && wanted.includes(table));
}
