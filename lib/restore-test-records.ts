import { restoreTestKeyOf } from './archive/names.ts';
import { mapInOrder } from './archive/pipeline.ts';
import {
  decodeRestoreTest,
  encodeRestoreTest,
  type RestoreTestRecord,
} from './archive/restore-test-record.ts';
import type { VerbDeps } from './backup.ts';
import type { Backup, Listing } from './catalog.ts';
import { toCofreError } from './errors.ts';
import type { Store } from './store/store.ts';
import { unlessGone } from './unless-gone.ts';

/**
 * Keeps the record of a restore test beside the backup's manifest, under the manifest's tag. Whoever tags or removes the
 * backup does so to the record, too; should that happen between two requests of ours, the looks afterwards find it:
 *
 * - the tag was changed after we read it: seen by reading it again after the write;
 * - the backup was removed after we looked: the record goes as well.
 *
 * A kill in between leaves a record that the catalog settles at the next backup or prune.
 * @returns whether there is a record now: not when the backup has been removed meanwhile
 */
export async function saveRestoreTest(
  store: Store,
  backup: Pick<Backup, 'manifestKey'>,
  record: RestoreTestRecord,
): Promise<boolean> {
  const key = restoreTestKeyOf(backup);
  const tagged = () => unlessGone(store.getTag(backup.manifestKey));
  const before = await tagged();
  const options = { contentType: 'application/json', ...(before !== undefined && { tag: before }) };
  await store.put(key, encodeRestoreTest(record), options);
  if ((await store.head(backup.manifestKey)) === undefined) {
    await store.delete(key);
    return false;
  }
  const after = await tagged();
  if (after !== undefined && after !== before) await unlessGone(store.setTag(key, after));
  return true;
}

/** @throws {CofreError} `BACKUP_DAMAGED` for a record that was changed; the backup itself may be whole */
export async function readRestoreTest(
  store: Store,
  backup: Pick<Backup, 'manifestKey'>,
): Promise<RestoreTestRecord | undefined> {
  const key = restoreTestKeyOf(backup);
  const found = await unlessGone(store.get(key));
  return found && decodeRestoreTest(found.body, key);
}

/** The same; a damaged record is logged, as nothing depends on it. */
export async function testOf(
  { store, logger }: Pick<VerbDeps, 'store' | 'logger'>,
  backup: Pick<Backup, 'id' | 'manifestKey'>,
): Promise<RestoreTestRecord | undefined> {
  const one = { backups: [backup], tested: new Set([backup.id]) };
  return (await readRestoreTests(store, one, (message) => logger.warn(message))).get(backup.id);
}

/** Requests under way at the same time. */
const CONCURRENCY = 16;

/** Backups, and which of them have a record. */
interface Tested extends Pick<Listing, 'tested'> {
  readonly backups: readonly Pick<Backup, 'id' | 'manifestKey'>[];
}

/** Records of those backups of a listing that have one. A damaged one is told to `onDamaged` and left out. */
export async function readRestoreTests(
  store: Store,
  { backups, tested }: Tested,
  onDamaged: (message: string) => void,
): Promise<Map<string, RestoreTestRecord>> {
  const records = new Map<string, RestoreTestRecord>();
  const wanted = (async function* () {
    yield* backups.filter(({ id }) => tested.has(id));
  })();
  const reading = mapInOrder(wanted, CONCURRENCY, async (backup) => {
    const record = await readRestoreTest(store, backup).catch((error) => {
      if (toCofreError(error).code !== 'BACKUP_DAMAGED') throw error;
      onDamaged(toCofreError(error).message);
      return undefined;
    });
    return { id: backup.id, record };
  });
  for await (const { id, record } of reading) if (record) records.set(id, record);
  return records;
}
