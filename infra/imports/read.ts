import { posix } from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';

/** One import of a file. */
export interface Import {
  readonly line: number;
  /** A file by its path from the root of the project, a package by its name; `unknown` is known at run time only. */
  readonly kind: 'file' | 'package' | 'unknown';
  /** As `kind` says; of what is unknown, its source text. */
  readonly target: string;
}

/**
 * All imports in a file's `text`: static and dynamic ones, re-exports, and types, also `import('...').Type`.
 * @throws {Error} when the text cannot be read as TypeScript
 */
export function readImports(file: string, text: string): Import[] {
  const { program, errors } = parseSync(file, text);
  const [error] = errors;
  if (error) throw new Error(`${file} cannot be read: ${error.message}`);
  const found: Import[] = [];
  const add = (start: number, imported: Omit<Import, 'line'>) =>
    found.push({ line: text.slice(0, start).split('\n').length, ...imported });
  const named = (start: number, name: string) => add(start, targetOf(file, name));
  new Visitor({
    ImportDeclaration: ({ start, source }) => named(start, source.value),
    ExportAllDeclaration: ({ start, source }) => named(start, source.value),
    ExportNamedDeclaration: ({ start, source }) => source && named(start, source.value),
    TSImportType: ({ start, source }) => named(start, source.value),
    ImportExpression: ({ start, source }) => {
      if (source.type === 'Literal' && typeof source.value === 'string') named(start, source.value);
      else add(start, { kind: 'unknown', target: text.slice(source.start, source.end) });
    },
  }).visit(program);
  return found;
}

function targetOf(file: string, name: string): Omit<Import, 'line'> {
  if (!name.startsWith('.')) return { kind: 'package', target: name };
  return { kind: 'file', target: posix.join(posix.dirname(file), name) };
}
