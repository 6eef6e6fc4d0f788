import { TOKEN } from './qualifiers.ts';

/** What stands in brackets, and what is around them: words, literals, marks and further brackets. */
interface Group {
  readonly open: '(' | '[' | '';
  readonly parts: Part[];
}
type Part = string | Group;

const CLOSES: Readonly<Record<string, string>> = { '(': ')', '[': ']' };

/**
 * An object's text as the server writes it once it has read its own words: two of its phrases it reads into another tree
 * than the one it wrote them from, of the same meaning, so that every copy of a database has other words than the first.
 * - `x IN ('a', 'b')` of a varchar is `(ARRAY['a'::varchar, …])::text[]`, and read as `ARRAY[('a'::varchar)::text, …]`:
 *   a cast of an array is one of each element (manual, 4.2.12, "Array Constructors").
 * - `a BETWEEN 1 AND 2 AND b` is `((a >= 1 AND a <= 2) AND b)`, and read as one list of three (`makeAndExpr` in `gram.y`).
 */
export function settled(text: string): string {
  if (!/ARRAY\[|\)\s+(?:AND|OR)\s/.test(text)) return text;
  const root = groupsIn(text.match(TOKEN) ?? []);
  return root ? write(root) : text;
}

/** `undefined` when brackets do not match. */
function groupsIn(tokens: readonly string[]): Group | undefined {
  const around: Group[] = [];
  let group: Group = { open: '', parts: [] };
  for (const token of tokens) {
    if (token === '(' || token === '[') {
      const inner: Group = { open: token, parts: [] };
      group.parts.push(inner);
      around.push(group);
      group = inner;
    } else if (token === ')' || token === ']') {
      const outer = around.pop();
      if (!outer || CLOSES[group.open] !== token) return undefined;
      group = outer;
    } else group.parts.push(token);
  }
  return around.length === 0 ? group : undefined;
}

function write(group: Group): string {
  const parts = group.open === '(' ? flat(group.parts) : group.parts;
  let text = '';
  let next = 0;
  for (const [at, part] of parts.entries()) {
    if (at < next) continue;
    const array = castArray(part, parts, at);
    text += array?.text ?? writePart(part);
    next = array?.next ?? at + 1;
  }
  return `${group.open}${text}${CLOSES[group.open] ?? ''}`;
}

function writePart(part: Part): string {
  return typeof part === 'string' ? part : write(part);
}

/** `(a AND b) AND c` is `a AND b AND c`; what stands in brackets further back stays. */
function flat(parts: readonly Part[]): readonly Part[] {
  const [first, blank, word] = parts;
  if (typeof first !== 'object' || first.open !== '(' || typeof blank !== 'string') return parts;
  const joins = blank.trim() === '' && (word === 'AND' || word === 'OR');
  if (!joins || !first.parts.includes(word) || otherThan(word, first.parts)) return parts;
  return [...flat(first.parts), ...parts.slice(1)];
}

function otherThan(word: 'AND' | 'OR', parts: readonly Part[]): boolean {
  return parts.includes(word === 'AND' ? 'OR' : 'AND') || parts.includes('SELECT');
}

/**
 * `(ARRAY[…])::type[]`, or without its brackets where the server writes fewer of them; `next` is behind it.
 * @param part the one at `at`
 */
function castArray(
  part: Part,
  parts: readonly Part[],
  at: number,
): { text: string; next: number } | undefined {
  const bare = part === 'ARRAY';
  const elements = bare ? parts[at + 1] : typeof part === 'object' ? arrayIn(part) : undefined;
  if (typeof elements !== 'object' || elements.open !== '[' || elements.parts.length === 0) return undefined;
  const cast = castBehind(parts, at + (bare ? 2 : 1));
  if (!cast) return undefined;
  const list = elementsOf(elements).map((it) => (bare ? `${it}::${cast.type}` : `(${it})::${cast.type}`));
  return { text: `ARRAY[${list.join(', ')}]`, next: cast.next };
}

function arrayIn({ open, parts }: Group): Part | undefined {
  return open === '(' && parts.length === 2 && parts[0] === 'ARRAY' ? parts[1] : undefined;
}

function elementsOf({ parts }: Group): string[] {
  let element: Part[] = [];
  const elements = [element];
  for (const part of parts) {
    if (part === ',') {
      element = [];
      elements.push(element);
    } else element.push(part);
  }
  return elements.map((it) => write({ open: '', parts: it }).trim());
}

/** `::type[]`. A type's name is of words, blanks and dots, with numbers in brackets. */
function castBehind(parts: readonly Part[], from: number): { type: string; next: number } | undefined {
  if (parts[from] !== ':' || parts[from + 1] !== ':') return undefined;
  const behind = parts.slice(from + 2);
  for (const [n, part] of behind.entries()) {
    if (typeof part === 'object' && part.open === '[') {
      const type = behind.slice(0, n).map(writePart).join('');
      return part.parts.length === 0 ? { type, next: from + 3 + n } : undefined;
    }
    if (typeof part === 'string' && !/^(?:["\w\u0080-\uffff]|\.$|\s)/.test(part)) return undefined;
  }
  return undefined;
}
