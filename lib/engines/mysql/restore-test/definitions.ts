import { isUtf8 } from 'node:buffer';
import type { ContentBuilder } from '../../content/builder.ts';
import { activeStatus, eventOf, withStatus } from '../load/events.ts';
import type { SqlItem, Statement } from '../script/items.ts';
import { Splitter } from '../script/splitter.ts';
import { tokensOf } from '../script/tokens.ts';
import { tableOf } from '../tables/definition.ts';
import { tableObjects } from './table-parts.ts';
import { triggerOrders } from './trigger-orders.ts';

/** Adds the structure of a dump to a content. */
export interface DefinitionReader {
  push(bytes: Uint8Array): void;
  /** @throws {CofreError} `BACKUP_DAMAGED` when the text ends amid a statement */
  end(): void;
}

/** The comment above an object; of a view that does not work, its text follows in comments. */
const TITLE =
  /^(Table|Sequence|Library|Package body|Package|Function|Procedure|View|Trigger|Event) (.+?)(, which the server could not use: .*)?$/s;
const HISTOGRAMS = /^Histograms$/;

/** These keep the collation that their database had when they were made; a dump says it where it is another now. */
const PROGRAM = /^(?:PACKAGE|FUNCTION|PROCEDURE|TRIGGER|EVENT)/;

/** What comes next belongs to it. */
interface Open {
  readonly kind: string;
  readonly name: string;
  /** Its text is in comments. */
  readonly isBroken: boolean;
  /** What the session has to be set to before it is made, which is part of it. */
  settings: string[];
}

export function definitionReader(builder: ContentBuilder): DefinitionReader {
  const splitter = new Splitter();
  const triggers = triggerOrders();
  let collation = '';
  let open: Open | undefined;

  function begin(comment: string): void {
    const [, kind, name, broken] = TITLE.exec(comment) ?? [];
    if (HISTOGRAMS.test(comment)) open = { kind: 'HISTOGRAM', name: '', isBroken: false, settings: [] };
    if (kind !== undefined && name !== undefined) {
      open = { kind: kind.toUpperCase(), name, isBroken: broken !== undefined, settings: [] };
      if (broken !== undefined) builder.object({ kind: 'VIEW', name, text: 'does not work:' });
    } else if (open?.isBroken) builder.object({ kind: 'VIEW', name: open.name, text: comment });
  }

  function take(statement: Statement): void {
    if (!open) takeProperty(statement);
    else if (open.kind === 'HISTOGRAM') takeHistogram(statement);
    else if (open.kind === 'TABLE') takeTable(statement, open.name);
    else if (isSetting(statement)) open.settings.push(textOf(statement));
    else takeObject(statement, open);
  }

  function takeProperty(statement: Statement): void {
    const text = textOf(statement).replace(/^\/\*M?!\d+ (.*) \*\/$/s, '$1');
    const property = /^ALTER DATABASE (CHARACTER SET|COMMENT|ENCRYPTION) /.exec(text)?.[1];
    if (property === undefined) return;
    builder.object({ kind: 'DATABASE', name: property.toLowerCase(), text });
    collation = / COLLATE (\w+)/.exec(text)?.[1] ?? collation;
  }

  function takeTable(statement: Statement, title: string): void {
    const name = tableOf(statement) ?? title;
    for (const object of tableObjects(name, textOf(statement))) builder.object(object);
    // Rows are compared though there may be none.
    builder.sum('ROWS', name);
  }

  function takeObject(statement: Statement, { kind, name, settings }: Open): void {
    const text = textOf(kind === 'EVENT' ? active(statement) : statement);
    const isTold = settings.some((setting) => setting.startsWith('ALTER DATABASE'));
    const own = PROGRAM.test(kind) && !isTold ? [`ALTER DATABASE COLLATE ${collation}`] : [];
    builder.object({ kind, name, text: [...own, ...settings, text].join('\n') });
    if (kind === 'TRIGGER') triggers.take(name, statement);
  }

  function takeHistogram(statement: Statement): void {
    const text = textOf(statement);
    const [, table, column] =
      /ANALYZE TABLE `((?:[^`]|``)+)` UPDATE HISTOGRAM ON `((?:[^`]|``)+)`/.exec(text) ?? [];
    if (table === undefined) return;
    const name = `${table}.${column}`.replaceAll('``', '`');
    builder.object({ kind: 'HISTOGRAM', name, text });
  }

  function takeAll(items: Iterable<SqlItem>): void {
    for (const item of items)
      if (item.kind === 'comment') begin(item.text);
      else take(item);
  }

  return {
    push: (bytes) => takeAll(splitter.push(bytes)),
    end: () => {
      takeAll(splitter.end());
      for (const object of triggers.objects()) builder.object(object);
    },
  };
}

/** Programs of old clients may be in no encoding that we know: then one character a byte. */
function textOf({ bytes }: Statement): string {
  return isUtf8(bytes) ? bytes.toString() : bytes.toString('latin1');
}

function isSetting({ head }: Statement): boolean {
  const [first, second] = tokensOf(head, 2);
  return first?.text === 'SET' || (first?.text === 'ALTER' && second?.text === 'DATABASE');
}

/** An event as it was before it was made to rest; see `inertStatus`. */
function active(statement: Statement): Statement {
  const event = eventOf(statement);
  return event ? withStatus(statement, activeStatus(event.status)) : statement;
}
