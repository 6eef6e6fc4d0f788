import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CofreError } from '../errors.ts';
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
  engine: z.object({ name: z.enum(['sqlite', 'postgres', 'mysql']), version: z.string() }),
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

/** UTF-8 JSON, one line a top-level field and a frame, the checksum first. */
export function encodeManifest(manifest: Manifest): Uint8Array {
  return Buffer.from(encodeText(manifest));
}

/**
 * @throws {CofreError} `BACKUP_DAMAGED` unless `bytes` is, to the last byte, what `encodeManifest` wrote and its parts
 * agree with each other.
 */
export function decodeManifest(bytes: Uint8Array, key: string): Manifest {
  const text = Buffer.from(bytes).toString('utf8');
  const { checksum: _, ...content } = parseObject(text, key);
  const parsed = manifestSchema.safeParse(content);
  if (!parsed.success) throw damagedManifest(key, z.prettifyError(parsed.error).split('\n')[0]!);
  // Encoded from what was parsed, not from the schema's result: fields of later versions count too.
  if (encodeText(content as Manifest) !== text || !Buffer.from(text).equals(bytes)) {
    throw damagedManifest(key, 'its checksum does not match');
  }
  requireCoherent(parsed.data, key);
  return parsed.data;
}

function parseObject(text: string, key: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below.
  }
  throw damagedManifest(key, 'it is not a JSON object');
}

function encodeText(content: Manifest): string {
  const body = Object.entries(content).map(
    ([name, value]) => `${JSON.stringify(name)}: ${encodeValue(value)}`,
  );
  const checksum = createHash('sha256').update(body.join(',\n')).digest('hex');
  return `{\n${[`"checksum": "${checksum}"`, ...body].join(',\n')}\n}\n`;
}

function encodeValue(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return JSON.stringify(value);
  return `[\n${value.map((item) => `  ${JSON.stringify(item)}`).join(',\n')}\n]`;
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
