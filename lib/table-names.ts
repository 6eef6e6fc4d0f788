import { CofreError } from './errors.ts';

/** So many names are listed at most where one was not found. */
const NEAR = 5;

/**
 * The tables that somebody means, as the dump lists them: a name exactly as listed; else the same without quotes, or
 * without `public.`; else the only one that differs in case or in its schema. Each once, in the dump's order.
 * @throws {CofreError} `USAGE`, which lists names that come near.
 */
export function resolveTables(wanted: readonly string[], known: readonly string[]): string[] {
  const chosen = new Set(wanted.map((name) => resolve(name, known)));
  return known.filter((name) => chosen.has(name));
}

function resolve(wanted: string, known: readonly string[]): string {
  if (known.includes(wanted)) return wanted;
  // Typed without quotes around, a quote is a part of the name.
  const meant = [wanted, bare(wanted)];
  const exact = meant.flatMap((plain) => [plain, `public.${plain}`]);
  const same = known.filter((name) => exact.includes(bare(name)));
  const alike = known.filter((name) => meant.some((plain) => sameButForCase(bare(name), plain)));
  const found = same.length > 0 ? same : alike;
  const [first, ...others] = found;
  if (first === undefined) throw unknown(wanted, known);
  if (others.length > 0) throw ambiguous(wanted, found);
  return first;
}

/** Without the quotes of identifiers: `public."My ""x"""` becomes `public.My "x"`. */
function bare(name: string): string {
  return name.replaceAll(/"((?:[^"]|"")*)"/g, (_, inner: string) => inner.replaceAll('""', '"'));
}

/** `accounts` also means `Sales.Accounts`. */
function sameButForCase(name: string, wanted: string): boolean {
  const [lower, plain] = [name.toLowerCase(), wanted.toLowerCase()];
  return lower === plain || lower.slice(lower.indexOf('.') + 1) === plain;
}

function unknown(wanted: string, known: readonly string[]): CofreError {
  const near = nearest(wanted, known);
  const message = `The backup has no table ${wanted}.`;
  const instead = near.length > 0 ? `Names that come near: ${near.join(', ')}. ` : '';
  return new CofreError('USAGE', message, {
    hint: `${instead}\`cofre show ID\` lists all ${known.length}.`,
  });
}

function ambiguous(wanted: string, found: readonly string[]): CofreError {
  return new CofreError('USAGE', `${wanted} could be ${found.join(' or ')}.`, {
    hint: 'Write the name as it is listed, in quotes of the shell.',
  });
}

function nearest(wanted: string, known: readonly string[]): string[] {
  const plain = bare(wanted).toLowerCase();
  const own = plain.slice(plain.lastIndexOf('.') + 1);
  const scored = known.map((name) => ({ name, score: distance(bare(name).toLowerCase(), own) }));
  const close = scored.filter(({ score }) => score <= Math.max(2, own.length / 3));
  return close
    .toSorted((a, b) => a.score - b.score)
    .slice(0, NEAR)
    .map(({ name }) => name);
}

/** Edits from the table's own name, without its schema, to `wanted`; 1 where one holds the other. */
function distance(name: string, wanted: string): number {
  const own = name.slice(name.indexOf('.') + 1);
  if (wanted.length > 2 && (own.includes(wanted) || wanted.includes(own))) return 1;
  // Row by row of the table of Levenshtein's distance, without its first column, which counts the rows.
  let above = Array.from(own.split(''), (_, at) => at + 1);
  let edits = own.length;
  for (const [row, letter] of wanted.split('').entries()) {
    let corner = row;
    edits = row + 1;
    const current: number[] = [];
    for (const [column, over] of above.entries()) {
      edits = Math.min(corner + (letter === own[column] ? 0 : 1), over + 1, edits + 1);
      current.push(edits);
      corner = over;
    }
    above = current;
  }
  return edits;
}
