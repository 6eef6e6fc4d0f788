import type { AwsConfig, FunctionSize } from '../../lib/aws-config.ts';
import type { FunctionName } from '../../lib/stack-names.ts';

export interface Size {
  readonly memory: number;
  readonly seconds: number;
  readonly storage: number;
  readonly concurrency?: number | undefined;
}

/** Of `/tmp`, MB: what every function has for nothing. */
const FREE_STORAGE = 512;
/** A whole CPU (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html), MB. */
const ONE_CPU = 1_769;
/** Lambda's own limit, s. */
const LONGEST = 900;

const DEFAULTS: Readonly<Record<FunctionName, Pick<Size, 'memory' | 'seconds'>>> = {
  backup: { memory: ONE_CPU, seconds: LONGEST },
  restore: { memory: ONE_CPU, seconds: LONGEST },
  undo: { memory: 512, seconds: 300 },
  discard: { memory: 512, seconds: 60 },
  verify: { memory: ONE_CPU, seconds: LONGEST },
  prune: { memory: 512, seconds: 300 },
  list: { memory: 512, seconds: 60 },
  // Holds an attachment of mail.attachLimit a few times over.
  notify: { memory: 1_024, seconds: 120 },
  // API Gateway waits no longer than 29 s.
  api: { memory: 1_024, seconds: 29 },
  authorizer: { memory: 512, seconds: 10 },
  admin: { memory: 256, seconds: 10 },
};

/** What a function gets, where the configuration does not say otherwise. */
export function sizeOf(name: FunctionName, { functions }: AwsConfig): Size {
  const given: FunctionSize = Object.hasOwn(functions, name) ? (functions as never)[name] : {};
  return {
    memory: given.memory ?? DEFAULTS[name].memory,
    seconds: given.seconds ?? DEFAULTS[name].seconds,
    storage: given.storage ?? FREE_STORAGE,
    concurrency: given.concurrency,
  };
}
