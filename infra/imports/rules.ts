/**
 * Rooms that lie on the same level, each with the sentence said to who imports what it must not. A room is a folder (`wire/`), files
 * by name (`clock.ts errors.ts`), or all files that lie beside the folders and are named nowhere else (`*.ts`).
 */
export type Level = Readonly<Record<string, string>>;

/** The rooms in one folder, the lowest level first: a room imports from itself and from lower levels, nothing else. */
export interface House {
  readonly folder: string;
  readonly levels: readonly Level[];
}

/** What `from` must never import although it lies lower; both are beginnings of paths, or of names of packages. */
export interface Ban {
  readonly from: readonly string[];
  readonly except?: readonly string[];
  readonly never: readonly string[];
  readonly because: string;
}

const KNOWS_NO_CALLER =
  'lib/ does not know who calls it: functions, infra and cli import lib, never the reverse.';
const BELOW_VERBS = 'Verbs import this room, never the reverse.';

/** The folders of each engine, the lowest first; above them are its verbs, the files beside the folders. */
const ENGINES: Readonly<Record<string, readonly string[]>> = {
  postgres: [
    'wire/',
    'script/',
    'schema/',
    'pg-dump/',
    'dump/',
    'load/',
    'parallel/',
    'transaction/',
    'swap/',
    'tables/',
    'restore-test/',
  ],
  mysql: [
    'connection/',
    'script/',
    'schema/',
    'rows/',
    'dump/',
    'load/',
    'swap/',
    'in-place/',
    'tables/',
    'restore-test/',
  ],
  sqlite: ['child/', 'file/', 'restore-test/'],
};

/** Every folder of these houses is in the table: a new one has to be given its level. */
export const HOUSES: readonly House[] = [
  {
    folder: '',
    levels: [
      { 'package.json': 'It imports nothing.' },
      { 'lib/': KNOWS_NO_CALLER },
      { 'functions/': 'Handlers do not know where they run: infra imports them, never the reverse.' },
      { 'infra/': 'What is deployed imports nothing of the tests.' },
    ],
  },
  {
    folder: 'lib/',
    levels: [
      {
        'clock.ts errors.ts known.ts logger.ts memory.ts process.ts secrets.ts':
          'What all share imports none of those that share it.',
      },
      {
        'engines/': 'An engine knows its database system, not where backups live.',
        'store/': 'A store knows bytes and keys, nothing of what they mean.',
      },
      { 'archive/': BELOW_VERBS },
      { 'jobs/': BELOW_VERBS },
      { 'requests/': BELOW_VERBS },
      { 'answers/': BELOW_VERBS },
      // The verbs, and what a backup is.
      { '*.ts': KNOWS_NO_CALLER },
      { 'notify/': 'Mail knows of backups, not how they are made.' },
      { 'tasks/': KNOWS_NO_CALLER },
      { 'cli/': 'The command line calls, and is called by none.' },
    ],
  },
  {
    folder: 'lib/engines/',
    levels: [
      { 'content/': 'What is in a database is told without knowing any engine.' },
      { '*.ts': 'The contract knows no engine.' },
      { 'sql/': 'What the SQL engines share knows none of them.' },
      Object.fromEntries(
        Object.keys(ENGINES).map((name) => [`${name}/`, 'Engines know nothing of each other.']),
      ),
      { 'registry.ts urls-of.ts': 'These alone know the engines by name.' },
    ],
  },
  ...Object.entries(ENGINES).map(([name, folders]) => houseOf(name, folders)),
];

export const BANS: readonly Ban[] = [
  {
    from: ['lib/'],
    except: ['lib/store/s3', 'lib/notify/', 'lib/secrets.ts', 'lib/cli/stack/aws.ts'],
    never: ['@aws-sdk/'],
    because: 'The AWS SDK belongs into store/s3, notify/, secrets.ts, cli/stack/aws and functions/.',
  },
  { from: ['lib/cli/'], never: ['lib/engines/'], because: 'The command line calls verbs, not engines.' },
  {
    from: ['lib/notify/'],
    never: ['lib/engines/', 'lib/jobs/'],
    because: 'Mail knows of backups, not how they are made.',
  },
  {
    from: ['functions/', 'infra/local/'],
    never: ['lib/engines/'],
    because: 'Handlers call verbs, not engines.',
  },
];

/** Imports what it is told to at run time, which no check can follow. */
export const IMPORTS_BY_NAME = ['infra/local/run.mjs'];

function houseOf(name: string, folders: readonly string[]): House {
  const because = 'The folders of an engine import those below them, never one above, never a verb.';
  return {
    folder: `lib/engines/${name}/`,
    levels: [...folders, '*.ts'].map((room) => ({ [room]: because })),
  };
}
