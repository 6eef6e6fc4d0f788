import { type Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';

/**
 * Options of the command line, written from the description of a request: names, values that are allowed, and texts stand
 * there once. `noOwner` becomes `--no-owner`, `keepLast` `--keep-last <n>`.
 * @param flags where an option is not called as its field: in full, `--table <name>`; several for one field
 */
export function addDescribed(command: Command, request: z.ZodObject, flags: Flags = {}): Command {
  for (const [field, schema] of Object.entries(request.shape)) {
    const described = describe(schema);
    const names = flags[field] ?? [flagOf(field, described)];
    for (const name of names) command.addOption(optionOf(name, described, names[0]));
  }
  return command;
}

export type Flags = Readonly<Record<string, readonly string[]>>;

/** What the options say, by the names of the request; other options are left out. */
export function readDescribed<S extends z.ZodObject>(
  request: S,
  given: Readonly<Record<string, unknown>>,
  flags: Flags = {},
): z.infer<S> {
  const fields = Object.keys(request.shape).map((field) => [field, valueIn(field, given, flags)]);
  return request.parse(Object.fromEntries(fields.filter(([, value]) => value !== undefined)));
}

/** As whoever types it knows a field: `--no-owner`. */
export function flagName(field: string, flags: Flags = {}): string {
  return flags[field]?.[0]?.split(' ')[0] ?? `--${kebab(field)}`;
}

/** Commander calls `--no-owner` `owner`, and sets it to false when it is given, else to true. */
function valueIn(field: string, given: Readonly<Record<string, unknown>>, flags: Flags): unknown {
  const option = new Option(flagName(field, flags));
  const value = given[option.attributeName()];
  if (!/^no[A-Z]/.test(field)) return value;
  return value === false ? true : undefined;
}

/** What of a field's schema says how its option is to be read. Looked up, as a JSON Schema takes long to make at each start. */
interface Described {
  readonly text: string;
  readonly values?: readonly string[];
  /** Of a whole number. */
  readonly range?: { readonly least: number; readonly most: number };
  readonly kind: 'choice' | 'number' | 'list' | 'text' | 'switch';
}

function describe(schema: z.core.$ZodType): Described {
  const bare = unwrapped(schema);
  const text = textOf(
    z.globalRegistry.get(schema)?.description ?? z.globalRegistry.get(bare)?.description ?? '',
  );
  if (bare instanceof z.ZodEnum) return { text, kind: 'choice', values: bare.options.map(String) };
  if (bare instanceof z.ZodNumber) {
    const [least, most] = [bare.minValue ?? 0, bare.maxValue ?? Number.MAX_SAFE_INTEGER];
    return { text, kind: 'number', range: { least, most } };
  }
  if (bare instanceof z.ZodArray) return { text, kind: 'list' };
  return { text, kind: bare instanceof z.ZodBoolean ? 'switch' : 'text' };
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  const isWrapped = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault;
  return isWrapped ? unwrapped(schema.unwrap()) : schema;
}

/** @param first of several for one field; a later one says no to it */
function optionOf(name: string, { text, kind, values, range }: Described, first = name): Option {
  const option = new Option(name, name === first ? text : `the opposite of ${first}`);
  if (values) return option.choices(values);
  if (range) return option.argParser((given) => wholeNumber(given, range));
  if (kind === 'list' && !name.includes('...')) option.argParser(gather);
  return option;
}

const PLACEHOLDERS = { number: ' <n>', text: ' <name>', list: ' <name>', switch: '' } as const;

function flagOf(field: string, { kind }: Described): string {
  return `--${kebab(field)}${kind === 'choice' ? ` <${field}>` : PLACEHOLDERS[kind]}`;
}

function kebab(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A sentence of the description as help texts are written: no capital, no full stop, no code marks. */
function textOf(description: string): string {
  const plain = description.replaceAll('`', '').replace(/\.$/, '');
  return plain.charAt(0).toLowerCase() + plain.slice(1);
}

/** @throws {InvalidArgumentError} which says what is allowed */
function wholeNumber(text: string, { least, most }: NonNullable<Described['range']>): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
}

/** Of an option that may be given several times. */
function gather(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
