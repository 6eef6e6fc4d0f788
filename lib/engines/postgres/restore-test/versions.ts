import type { ContentObject } from '../../content/content.ts';
import { forOldServer } from '../pg-dump/old-servers.ts';
import { masked } from '../pg-dump/top-level.ts';
import { sameButForMaintain } from './maintain.ts';
import { sameButForQualifiers } from './qualifiers.ts';

/** `server_version_num` of the servers that an object was dumped from. */
export interface Versions {
  readonly was: number;
  readonly is: number;
}

/** A later server writes in other words what an older one said. */
interface Rule {
  /** The version that brought the new words, as `server_version_num`: the one server is older, the other is not. */
  readonly since: number;
  readonly kinds: ReadonlySet<string>;
  /** Whether `is` says what `was` says. */
  readonly same: (was: string, is: string, versions: Versions) => boolean;
}

const TABLES = new Set(['TABLE', 'FOREIGN TABLE']);
const QUERIES = new Set(['VIEW', 'MATERIALIZED VIEW', 'RULE', 'FUNCTION', 'PROCEDURE']);

const RULES: readonly Rule[] = [
  // `NOT NULL` of inherited columns, which older servers alter; and names of such constraints, which they do not keep.
  { since: 180_000, kinds: TABLES, same: (was, is, { was: old }) => was === unnamed(asOld(is, old)) },
  // Sequences of unlogged tables may be logged.
  { since: 150_000, kinds: new Set(['SEQUENCE']), same: (was, is, { was: old }) => was === asOld(is, old) },
  // Whether a subscription works as its owner; before, there was but one way.
  {
    since: 160_000,
    kinds: new Set(['SUBSCRIPTION']),
    same: (was, is, { was: old }) => was === asOld(is, old),
  },
  { since: 160_000, kinds: QUERIES, same: sameButForQualifiers },
  { since: 170_000, kinds: new Set(['ACL']), same: sameButForMaintain },
];

/** Whether the two texts differ by nothing but the words of two versions. */
export function sameInOtherWords(was: ContentObject, is: ContentObject, versions: Versions): boolean {
  return RULES.some(
    ({ since, kinds, same }) =>
      versions.was < since &&
      versions.is >= since &&
      kinds.has(was.kind) &&
      same(was.text, is.text, versions),
  );
}

/** As the dump of an older server has it, which `forOldServer` has been through. */
function asOld(text: string, serverVersionNum: number): string {
  return forOldServer(`${text}\n`, false, serverVersionNum).trimEnd();
}

const NAMED = / CONSTRAINT (?:"[^"]*"|[^"\s(),.]+) NOT NULL\b/;

function unnamed(text: string): string {
  let rest = text;
  for (let found = NAMED.exec(masked(rest, false)); found; found = NAMED.exec(masked(rest, false))) {
    rest = `${rest.slice(0, found.index)} NOT NULL${rest.slice(found.index + found[0].length)}`;
  }
  return rest;
}
