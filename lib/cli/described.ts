import { type Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';

/**
 * Options of the command line, written from the description of a request: names, values that are allowed, and texts stand
 * there once. `noOwner` becomes `--no-owner`, `keepLast` `--keep-last <n>`.
 * @param flags where an option is not called as its field: in full, `--table <name>`; several for one field
 */
export function addDescribed(command: Command, request: z.ZodObject, flags: Flags = {}): Command {
  for (const [field, schema] of Object.entries(request.shape)) {
    const names = flags[field] ?? [flagOf(field, describe(schema))];
    for (const name of names) command.addOption(optionOf(name, schema, names[0]));
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

/** The parts of JSON Schema that say how an option is to be read. */
interface Described {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
}

function describe(schema: z.core.$ZodType): Described {
  return z.toJSONSchema(schema, { io: 'input' }) as Described;
}

/** @param first of several for one field; a later one says no to it */
function optionOf(name: string, schema: z.core.$ZodType, first = name): Option {
  const described = describe(schema);
  const text = name === first ? textOf(described.description ?? '') : `the opposite of ${first}`;
  const option = new Option(name, text);
  if (described.enum) return option.choices(described.enum);
  if (described.type === 'integer') return option.argParser((text) => wholeNumber(text, described));
  if (described.type === 'array' && !name.includes('...')) option.argParser(gather);
  return option;
}

function flagOf(field: string, { type, enum: values }: Described): string {
  const placeholder = values
    ? ` <${field}>`
    : type === 'integer'
      ? ' <n>'
      : type === 'string'
        ? ' <name>'
        : '';
  return `--${kebab(field)}${placeholder}`;
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
function wholeNumber(text: string, { minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: Described): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= minimum && value <= maximum) return value;
  throw new InvalidArgumentError(`Give a whole number from ${minimum} to ${maximum}.`);
}

/** Of an option that may be given several times. */
function gather(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
