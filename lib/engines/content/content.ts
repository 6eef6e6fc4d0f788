/**
 * What is in a database, in a form in which two databases can be compared: definitions in the engine's canonical text,
 * rows as sums. It grows with the number of objects, not with the rows.
 */
export interface Content {
  readonly objects: ReadonlyMap<ContentKey, ContentObject>;
  readonly sums: ReadonlyMap<ContentKey, ContentSum>;
}

/** `contentKey` of a kind and a name. */
export type ContentKey = string;

/** One object of a database, or what belongs to the database itself. */
export interface ContentObject {
  /** In the engine's words: `TABLE`, `INDEX`, `VIEW`, `DATABASE`, … */
  readonly kind: string;
  /** Unique among those of its kind. */
  readonly name: string;
  /** The same for the same object, whatever its database is called and on which day it was made. */
  readonly text: string;
  /** The text holds a password or the like: nobody is shown it. */
  readonly secret?: boolean;
}

/** Things that are many, of which only the whole is compared. */
export interface ContentSum extends RowSum {
  /** `ROWS` of a table, or what else an engine has many of: `LARGE OBJECTS`. */
  readonly kind: string;
  readonly name: string;
}

/** A multiset of rows. */
export interface RowSum {
  readonly rows: number;
  /** Sum modulo 2^128 of a 128-bit hash of each row's text; 32 hex digits. Says nothing of the rows themselves. */
  readonly sum: string;
}

/** Something that two databases do not have in common. */
export interface Difference {
  readonly kind: string;
  readonly object: string;
  /** As the backup has it; `null` when it has none. Of a text, the part where the two differ. */
  readonly was: string | RowSum | null;
  /** As it came back. */
  readonly is: string | RowSum | null;
  /** What makes the difference, when it is the server itself; `null`: it came back changed. */
  readonly explained: Explanation | null;
}

/**
 * - `server-version`: another version of the database system writes the same thing in other words.
 * - `definer`: who restored may not set the definer that the backup has.
 * - `missing-role`: a role that owns or may use something is not on this server.
 * - `kept-by-target`: it belongs to the database that is restored into, and a restore leaves it as it is.
 */
export const EXPLANATIONS = ['server-version', 'definer', 'missing-role', 'kept-by-target'] as const;
export type Explanation = (typeof EXPLANATIONS)[number];

const SEPARATOR = '\0';

export function contentKey(kind: string, name: string): ContentKey {
  return `${kind}${SEPARATOR}${name}`;
}
