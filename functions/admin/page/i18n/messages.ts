import type { FaultCode } from '../fault.ts';
import type { HealthStatus, JobKind, JobStatus, Phase, TestResult, Trigger } from '../types.ts';

/** Every text of the page. Each language is one object of this type, so none can lack a text. */
export interface Messages {
  readonly app: {
    readonly title: string;
    readonly skip: string;
    readonly language: string;
    readonly loading: string;
    readonly retry: string;
    readonly cancel: string;
    readonly close: string;
    readonly dismiss: string;
    readonly details: string;
    readonly stale: (time: string) => string;
    readonly serverSays: string;
  };
  readonly signIn: {
    readonly heading: string;
    readonly why: string;
    readonly submit: string;
    readonly out: string;
    /** Said beside the name of somebody who may only look. */
    readonly viewer: string;
  };
  readonly databases: {
    readonly heading: string;
    readonly empty: string;
    readonly emptyHint: string;
    readonly health: Record<HealthStatus, string>;
    readonly healthHelp: Record<HealthStatus, string>;
    readonly lastBackup: string;
    readonly none: string;
    readonly nextRun: string;
    readonly noNextRun: string;
    readonly schedule: string;
    readonly onDemand: string;
    readonly source: string;
    readonly create: string;
    readonly prune: string;
    readonly lastFailure: (ago: string) => string;
  };
  readonly schedule: {
    readonly everyMinutes: (n: number) => string;
    readonly everyHours: (n: number) => string;
    readonly everyDays: (n: number) => string;
    readonly hourly: (minute: string) => string;
    readonly daily: (times: string) => string;
    readonly weekly: (days: string, times: string) => string;
    readonly dayRange: (from: string, to: string) => string;
    readonly monthly: (day: string, times: string) => string;
  };
  readonly chart: {
    readonly title: (database: string) => string;
    readonly caption: (n: number, largest: string) => string;
    readonly description: (n: number, first: string, last: string) => string;
    readonly asTable: string;
  };
  readonly jobs: {
    readonly heading: string;
    readonly empty: string;
    readonly kind: Record<JobKind, string>;
    readonly running: Record<JobKind, string>;
    readonly status: Record<JobStatus, string>;
    readonly phase: Record<Phase, string>;
    readonly table: (name: string) => string;
    readonly bytesOf: (done: string, total: string) => string;
    readonly left: (duration: string) => string;
    readonly took: (duration: string) => string;
    readonly by: (actor: string) => string;
    /** Actors that are no people, by the name the API gives them. */
    readonly actors: Readonly<Record<string, string>>;
    readonly started: (kind: JobKind, database: string) => string;
    readonly percent: (kind: JobKind, database: string, percent: string) => string;
    readonly succeeded: (kind: JobKind, database: string, result?: TestResult) => string;
    readonly failed: (kind: JobKind, database: string) => string;
  };
  readonly backups: BackupMessages;
  readonly restore: RestoreMessages;
  readonly remove: DeleteMessages;
  readonly prune: PruneMessages;
  readonly count: { readonly rows: (n: number) => string; readonly tables: (n: number) => string };
  readonly faults: Record<FaultCode, Explanation>;
}

/** A failure in the reader's language: what it is, and what to do. */
export type Explanation = readonly [title: string, advice: string];

export interface BackupMessages {
  readonly heading: string;
  readonly empty: string;
  readonly emptyHint: string;
  readonly filter: string;
  readonly all: string;
  readonly when: string;
  readonly database: string;
  readonly trigger: string;
  readonly size: string;
  readonly rows: string;
  readonly kept: string;
  readonly actions: string;
  readonly triggers: Record<Trigger, string>;
  readonly held: string;
  readonly heldHelp: string;
  /** By retention class; a class of the reader's own is shown as it is. */
  readonly retention: Readonly<Record<string, string>>;
  readonly unpacked: (size: string) => string;
  readonly restore: string;
  readonly download: string;
  readonly verify: string;
  readonly delete: string;
  readonly loadMore: string;
  readonly shown: (n: number) => string;
  readonly downloading: (file: string) => string;
  readonly downloadingPacked: (file: string) => string;
  readonly deleted: (when: string) => string;
  readonly damaged: (n: number) => string;
  readonly damagedHint: string;
  readonly downloadPacked: (size: string) => string;
  readonly downloadPlain: (size: string) => string;
  readonly plainHelp: string;
  readonly packedHelp: string;
  readonly facts: Record<
    | 'file'
    | 'taken'
    | 'duration'
    | 'actor'
    | 'compression'
    | 'stored'
    | 'unpacked'
    | 'engine'
    | 'tool'
    | 'checksum'
    | 'tables',
    string
  >;
  readonly uncompressed: string;
}

export interface RestoreMessages {
  readonly title: string;
  readonly from: string;
  readonly warning: string;
  readonly warningDetail: (database: string) => string;
  readonly safety: string;
  readonly safetyHelp: string;
  readonly noSafety: string;
  /** The name stands between the two parts. */
  readonly confirm: readonly [before: string, after: string];
  readonly submit: string;
}

export interface DeleteMessages {
  readonly title: string;
  readonly question: string;
  readonly final: string;
  readonly refused: string;
  readonly refusedDetail: (database: string) => string;
  readonly submit: string;
  readonly force: string;
}

export interface PruneMessages {
  readonly title: (database: string) => string;
  readonly intro: string;
  readonly policy: string;
  readonly days: readonly [before: string, after: string];
  readonly keepLast: readonly [before: string, after: string];
  readonly numberOfDays: string;
  readonly numberOfBackups: string;
  readonly preview: string;
  readonly summary: (keep: number, remove: number, size: string) => string;
  readonly nothing: string;
  /** Follows `summary` where databases that restores replaced go, too. */
  readonly replaced: (names: readonly string[]) => string;
  readonly action: Record<'keep' | 'remove', string>;
  readonly decision: string;
  readonly reason: string;
  /** By the reason the API gives, its figures written `#` in both; others are shown as they are. */
  readonly reasons: Readonly<Record<string, string>>;
  readonly submit: (n: number) => string;
  readonly done: (n: number, size: string) => string;
}
