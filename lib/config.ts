import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { DATABASE_NAME, requireDatabaseName } from './archive/names.ts';
import { awsSchema } from './aws-config.ts';
import { type DatabaseConfig, databaseSchema } from './database-config.ts';
import { CofreError } from './errors.ts';
import { address, days } from './requests/fields.ts';
import { DEFAULT_RETENTION, RETENTION_CLASSES, type RetentionDays } from './retention.ts';
import { parseSchedule } from './schedule.ts';

const mailSchema = z.strictObject({
  /** `ses:`, `smtp://user:${env:SMTP_PASSWORD}@host:587`, or `outbox:./folder` (files, for trying out). */
  transport: z.string().min(1),
  from: address,
  recipients: z.array(address).max(50).default([]),
  language: z.enum(['en', 'pt-BR']).default('en'),
  /** Bytes of the largest backup that is attached; larger ones are linked. SES takes messages of 10 MB. */
  attachLimit: z.int().min(0).max(25_000_000).default(7_000_000),
});

const configSchema = z.strictObject({
  $schema: z.string().optional(),
  /** `./folder` or `s3://bucket/prefix`. */
  store: z.string().min(1).default('./backups'),
  databases: z.record(z.string().regex(DATABASE_NAME), databaseSchema).default({}),
  retention: z
    .strictObject(Object.fromEntries(RETENTION_CLASSES.map((it) => [it, days.optional()])))
    .default({}),
  mail: mailSchema.optional(),
  server: z
    .strictObject({ port: z.int().min(0).max(65_535).default(8_080), publicUrl: z.url().optional() })
    .default({ port: 8_080 }),
  aws: awsSchema.prefault({}),
});

export type MailConfig = z.infer<typeof mailSchema>;

export interface Config extends Omit<z.infer<typeof configSchema>, 'retention'> {
  readonly retention: RetentionDays;
  /** Absolute folder that relative paths in the configuration count from. */
  readonly folder: string;
}

/**
 * Reads and checks the configuration: the file at `path`, or `cofre.json` in `cwd` when there is one, or the defaults.
 * Reads no secret. @throws {CofreError} `CONFIG_INVALID`, which names the field.
 */
export function loadConfig(path: string | undefined, cwd: string): Config {
  const file = path === undefined ? resolve(cwd, 'cofre.json') : resolve(cwd, path);
  if (path === undefined && !existsSync(file)) return parseConfig({}, cwd, 'the defaults');
  return parseConfig(readJson(file), dirname(file), file);
}

/** Checks a configuration that was read already. @throws {CofreError} `CONFIG_INVALID` */
export function parseConfig(value: unknown, folder: string, origin: string): Config {
  const parsed = configSchema.safeParse(value);
  if (!parsed.success) throw invalid(origin, describe(parsed.error));
  for (const [name, database] of Object.entries(parsed.data.databases)) checkDatabase(origin, name, database);
  checkSchedule(origin, 'aws.prune', parsed.data.aws.prune.schedule);
  return { ...parsed.data, retention: withDefaults(parsed.data.retention), folder };
}

function withDefaults(given: Readonly<Record<string, number | undefined>>): RetentionDays {
  return { ...DEFAULT_RETENTION, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value)) };
}

function checkDatabase(origin: string, name: string, { schedule }: DatabaseConfig): void {
  const field = `databases.${name}`;
  told(origin, field, () => requireDatabaseName(name));
  if (schedule !== undefined) checkSchedule(origin, field, schedule);
}

function checkSchedule(origin: string, field: string, schedule: string): void {
  told(origin, field, () => parseSchedule(schedule));
}

function told(origin: string, field: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    throw invalid(origin, `${field}: ${(error as Error).message}`);
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    // The parser's message quotes the text, which may hold a secret; only its place is told.
    if (error instanceof SyntaxError) {
      const place = /\(line \d+ column \d+\)/.exec(error.message)?.[0];
      throw invalid(file, `it is not JSON${place ? ` ${place}` : ''}`);
    }
    const why =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    throw invalid(file, why, error);
  }
}

/** The first issue is enough, and names its field. Values are left out: they may hold secrets. */
function describe(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`)
    .join('; ');
}

function invalid(origin: string, why: string, cause?: unknown): CofreError {
  return new CofreError('CONFIG_INVALID', `The configuration (${origin}) is not valid: ${why}.`, {
    cause,
    hint: 'docs/configuration.md describes every field.',
  });
}
