import { type Content, type ContentKey, type ContentObject, type ContentSum, contentKey } from './content.ts';
import { type RowSummer, rowSummer } from './row-sum.ts';

/** Gathers a content, in whatever order its parts come. */
export interface ContentBuilder {
  /** A further text of an object that is there already is added to it. */
  object(object: ContentObject): void;
  /** Where rows of `name` are added; one with no rows counts, too. */
  sum(kind: string, name: string): RowSummer;
  result(): Content;
}

export function contentBuilder(): ContentBuilder {
  const objects = new Map<ContentKey, ContentObject>();
  const summers = new Map<ContentKey, { kind: string; name: string; summer: RowSummer }>();
  return {
    object(object) {
      const key = contentKey(object.kind, object.name);
      const known = objects.get(key);
      objects.set(key, known ? { ...known, ...object, text: `${known.text}\n${object.text}` } : object);
    },
    sum(kind, name) {
      const key = contentKey(kind, name);
      const known = summers.get(key) ?? { kind, name, summer: rowSummer() };
      summers.set(key, known);
      return known.summer;
    },
    result: () => ({
      objects,
      sums: new Map<ContentKey, ContentSum>(
        [...summers].map(([key, { kind, name, summer }]) => [key, { kind, name, ...summer.result() }]),
      ),
    }),
  };
}
