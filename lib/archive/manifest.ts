import { z } from 'zod';
import { ENGINE_NAMES } from '../engines/engine.ts';
import { CofreError } from '../errors.ts';
import { decodeChecksummed, encodeChecksummed } from './checksummed.ts';
import { COMPRESSIONS } from './compression.ts';
import { BACKUP_ID } from './names.ts';

const count = z.number().int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** One independently packed piece of the archive. Bytes `offset` to `offset + size` of the object. */
const frame = z.object({
  section: z.enum(['pre-data', 'data', 'post-data']),
  table: z.string().optional(),
  offset: count,
  size: count,
  rawSize: count,
  rows: count,
  /** Of the packed bytes. */
  sha256,
});

/**
 * What a backup is, written after its archive is whole: the commit record. `checksum` covers every other byte, so
 * that no change of a manifest goes unseen.
 */
export const manifestSchema = z.looseObject({
  format: z.literal(1),
  id: z.string().regex(BACKUP_ID),
  database: z.string().min(1),
  archive: z.object({
    /** Name of the object, beside the manifest. */
    file: z.string().min(1),
    /** Name once unpacked. */
    plainName: z.string().min(1),
    compression: z.enum(COMPRESSIONS),
    /** Bytes of the object. */
    size: count,
    /** Bytes once unpacked. */
    rawSize: count,
    /** Of the object. */
    sha256,
  }),
  engine: z.object({ name: z.enum(ENGINE_NAMES), version: z.string() }),
  tool: z.object({ name: z.literal('cofre'), version: z.string() }),
  trigger: z.enum(['manual', 'schedule', 'pre-restore']),
  actor: z.string(),
  /** Retention class: the value of the objects' `retention` tag when this is not the newest whole backup. */
  retention: z.string().min(1),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** From the first look at the source to the last byte stored. */
  seconds: z.number().nonnegative(),
  rows: count,
  tables: z.array(z.object({ name: z.string(), rows: count })),
  warnings: z.array(z.string()),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  frames: z.array(frame),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type FrameRecord = z.infer<typeof frame>;
export type Trigger = Manifest['trigger'];

export function encodeManifest(manifest: Manifest): Uint8Array {
  return encodeChecksummed(manifest);
}

/**
 * @throws {CofreError} `BACKUP_DAMAGED` unless `bytes` is, to the last byte, what `encodeManifest` wrote and its parts
 * agree with each other.
 */
export function decodeManifest(bytes: Uint8Array, key: string): Manifest {
  const parsed = manifestSchema.safeParse(contentOf(bytes, key));
  if (!parsed.success) throw damagedManifest(key, z.prettifyError(parsed.error).replace(/\n.*/s, ''));
  requireCoherent(parsed.data, key);
  return parsed.data;
}

function contentOf(bytes: Uint8Array, key: string): Record<string, unknown> {
  try {
    return decodeChecksummed(bytes);
  } catch (error) {
    throw damagedManifest(key, (error as Error).message);
  }
}

function requireCoherent({ frames, archive }: Manifest, key: string): void {
  let offset = 0;
  let rawSize = 0;
  for (const it of frames) {
    if (it.offset !== offset)
      throw damagedManifest(key, `a frame begins at ${it.offset} instead of ${offset}`);
    offset += it.size;
    rawSize += it.rawSize;
  }
  if (offset !== archive.size || rawSize !== archive.rawSize)
    throw damagedManifest(key, 'sizes do not add up');
}

function damagedManifest(key: string, why: string): CofreError {
  return new CofreError('BACKUP_DAMAGED', `The manifest ${key} is damaged: ${why}.`, {
    hint: 'This backup is not used. Restore another one; `cofre list` shows them.',
  });
}
