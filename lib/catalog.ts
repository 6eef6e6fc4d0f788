import type { DamagedBackup } from './answers/backup.ts';
import { decodeManifest, encodeManifest, type Manifest, type Trigger } from './archive/manifest.ts';
import { backupNames, manifestKeyOf, type ParsedKey, parseKey, restoreTestKeyOf } from './archive/names.ts';
import { mapInOrder } from './archive/pipeline.ts';
import { CofreError, toCofreError } from './errors.ts';
import { HOLD, newest, newestFirst, type RetentionClass } from './retention.ts';
import type { Store, StoredObject } from './store/store.ts';
import { unlessGone } from './unless-gone.ts';

/** A whole backup: a sound manifest beside an archive of the size that it tells. */
export interface Backup {
  readonly id: string;
  readonly database: string;
  readonly startedAt: Date;
  readonly trigger: Trigger;
  readonly key: string;
  readonly manifestKey: string;
  readonly manifest: Manifest;
}

export interface Listing {
  /** Newest first. */
  readonly backups: readonly Backup[];
  readonly damaged: readonly DamagedBackup[];
  /** Archives without a manifest: of a backup under way, or of one that was killed. */
  readonly orphans: readonly StoredObject[];
  /** Ids that have the record of a restore test. */
  readonly tested: ReadonlySet<string>;
}

/** Defines what "a backup exists" means. Nothing else decides it. */
export interface Catalog {
  /** Everything, or everything of one database. */
  scan(database?: string): Promise<Listing>;
  /** Accepts an id, a key, or a file name with its folder. @throws {CofreError} `BACKUP_NOT_FOUND`, `BACKUP_DAMAGED` */
  find(reference: string): Promise<Backup>;
  /** The newest whole backup of a database, safety backups last. @throws {CofreError} `BACKUP_NOT_FOUND` */
  latest(database: string): Promise<Backup>;
  /** Writes the commit record. @throws {CofreError} `STORE_CONFLICT` when there is one already. */
  commit(manifest: Manifest, tag: string): Promise<Backup>;
  /** Deletes a backup: the manifest first, so that it is never listed without its archive. */
  remove(backup: Backup): Promise<void>;
  /** Makes the newest whole backup of the database wear `hold`, and all others their own class. Returns it. */
  settleHold(database: string): Promise<Backup | undefined>;
}

/** Requests under way at the same time while manifests or tags are read. */
const CONCURRENCY = 16;

export function openCatalog(store: Store): Catalog {
  const scan = (database?: string) => scanStore(store, database);
  return {
    scan,
    find: (reference) => find(store, reference),
    latest: async (database) => {
      const found = newest((await scan(database)).backups);
      if (found) return found;
      throw notFound(`There is no backup of ${database} in ${store.url}.`);
    },
    commit: async (manifest, tag) => {
      const backup = toBackup(manifest);
      const options = { tag, contentType: 'application/json', condition: { absent: true } } as const;
      await store.put(backup.manifestKey, encodeManifest(manifest), options);
      return backup;
    },
    remove: async (backup) => {
      // What a kill leaves behind must not wear `hold`, which never expires. Of a record, the next settling sees that.
      if ((await tagOf(store, backup.key)) === HOLD)
        await tagAll(store, ownKeys(backup), backup.manifest.retention);
      await store.delete(backup.manifestKey);
      await store.delete(restoreTestKeyOf(backup));
      await store.delete(backup.key);
    },
    settleHold: (database) => settleHold(store, database),
  };
}

interface Scan extends Listing {
  /** Keys of records of restore tests whose backup is gone: they expire later than it. */
  readonly strays: readonly string[];
}

async function scanStore(store: Store, database?: string): Promise<Scan> {
  const parts = await partsIn(store, database);
  const ofKind = (wanted: ParsedKey['kind']) => [...parts.values()].filter(({ kind }) => kind === wanted);
  const manifests = ofKind('manifest');
  const backups: Backup[] = [];
  const damaged: DamagedBackup[] = [];
  for await (const result of mapInOrder(each(manifests), CONCURRENCY, (it) => read(store, it, parts))) {
    if (result && 'manifest' in result) backups.push(result);
    else if (result) damaged.push(result);
  }
  const made = new Set(manifests.map(({ id }) => id));
  const alone = (it: Part) => !made.has(it.id);
  const orphans = ofKind('archive').filter(alone);
  const records = ofKind('restore-test');
  const tested = new Set(records.map(({ id }) => id).filter((id) => made.has(id)));
  const strays = records.filter(alone).map(({ object }) => object.key);
  return {
    backups: newestFirst(backups),
    damaged,
    orphans: orphans.map(({ object }) => object),
    tested,
    strays,
  };
}

/** An object that belongs to a backup, and what its key says. */
interface Part extends ParsedKey {
  readonly object: StoredObject;
}

/** By key. */
async function partsIn(store: Store, database?: string): Promise<Map<string, Part>> {
  const parts = new Map<string, Part>();
  for await (const object of store.list(database === undefined ? '' : `${database}/`)) {
    const parsed = parseKey(object.key);
    if (parsed) parts.set(object.key, { ...parsed, object });
  }
  return parts;
}

/** `undefined` when the backup was deleted between listing and reading. */
async function read(
  store: Store,
  { database, object: { key } }: Part,
  parts: ReadonlyMap<string, Part>,
): Promise<Backup | DamagedBackup | undefined> {
  try {
    const backup = toBackup(decodeManifest((await store.get(key)).body, key));
    requireArchive(backup, key, parts.get(backup.key)?.object);
    return backup;
  } catch (error) {
    const { code, message } = toCofreError(error);
    if (code === 'STORE_NOT_FOUND') return undefined;
    if (code !== 'BACKUP_DAMAGED') throw error;
    return { key, database, message };
  }
}

function requireArchive(backup: Backup, key: string, archive: StoredObject | undefined): void {
  const { size } = backup.manifest.archive;
  const why =
    backup.manifestKey !== key
      ? `the manifest belongs at ${backup.manifestKey}`
      : !archive
        ? `its archive ${backup.key} is missing`
        : archive.size !== size && `its archive has ${archive.size} bytes instead of ${size}`;
  if (!why) return;
  throw new CofreError('BACKUP_DAMAGED', `The backup at ${key} is not whole: ${why}.`, {
    hint: 'Use another backup; `cofre list` shows them.',
  });
}

function toBackup(manifest: Manifest): Backup {
  const { id, database, archive, trigger } = manifest;
  const startedAt = new Date(manifest.startedAt);
  const { manifestKey } = backupNames(database, startedAt, '', '');
  return { id, database, startedAt, trigger, key: `${database}/${archive.file}`, manifestKey, manifest };
}

async function find(store: Store, reference: string): Promise<Backup> {
  const parsed = parseKey(reference);
  const key = parsed ? `${parsed.database}/${parsed.stem}.json` : manifestKeyOf(reference);
  if (!key) throw notFound(`"${reference}" is not the id of a backup.`);
  const manifest = await unlessGone(store.get(key));
  if (!manifest) throw notFound(`There is no backup ${reference} in ${store.url}.`);
  const backup = toBackup(decodeManifest(manifest.body, key));
  requireArchive(backup, key, await store.head(backup.key));
  return backup;
}

/** New tags first: at no moment is there no held backup. */
async function settleHold(store: Store, database: string): Promise<Backup | undefined> {
  const { backups, tested, strays } = await scanStore(store, database);
  for (const key of strays) await store.delete(key);
  const held = newest(backups);
  const keysOf = (it: Backup) => [...ownKeys(it), ...(tested.has(it.id) ? [restoreTestKeyOf(it)] : [])];
  if (held) await tagAll(store, keysOf(held), HOLD);
  const others = each(backups.filter((it) => it !== held));
  for await (const _ of mapInOrder(others, CONCURRENCY, (it) =>
    tagAll(store, keysOf(it), it.manifest.retention),
  ));
  if (held) await releaseBroken(store, backups, database);
  return held;
}

/** What was held when it broke would stay for ever. Once there is a whole one to hold, it may expire. */
async function releaseBroken(store: Store, whole: readonly Backup[], database: string): Promise<void> {
  const ids = new Set(whole.map((it) => it.id));
  for await (const { key } of store.list(`${database}/`)) {
    const parsed = parseKey(key);
    if (!parsed || ids.has(parsed.id) || (await tagOf(store, key)) !== HOLD) continue;
    await unlessGone(store.setTag(key, BROKEN_CLASS));
  }
}

/** Class of a broken backup that was held: its own may be unreadable. */
const BROKEN_CLASS: RetentionClass = 'manual';

const ownKeys = (backup: Backup) => [backup.key, backup.manifestKey];

/** All wear the same tag; written only when it changes. Nothing for what was deleted meanwhile. */
async function tagAll(store: Store, keys: readonly string[], tag: string): Promise<void> {
  for (const key of keys) if ((await tagOf(store, key)) !== tag) await unlessGone(store.setTag(key, tag));
}

const tagOf = (store: Store, key: string) => unlessGone(store.getTag(key));

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

function notFound(message: string): CofreError {
  return new CofreError('BACKUP_NOT_FOUND', message, {
    hint: '`cofre list` shows the backups that there are.',
  });
}
