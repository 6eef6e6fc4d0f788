/**
 * What makes something in a script for `mysqltest`, as a script for `mysql --force`: statements that define or fill,
 * without queries, without what is the whole server's, and without the commands of `mysqltest`. Crude on purpose:
 * what it gets wrong is an error of a single statement.
 *
 * Tests clean up behind them. So that something is left to be backed up, a table that is dropped gets another name
 * instead, and after the last `CREATE` nothing is dropped.
 */
export function statementsOf(test: string): string {
  const all = [...statements(test)];
  const last = all.findLastIndex(({ text }) => /^create/i.test(text));
  const kept = all.filter(({ text }, index) => isKept(text) && (index < last || !/^drop/i.test(text)));
  const lines = kept.map(({ text, delimiter }, index) => {
    const it = keepTables(text, index);
    return delimiter === ';' ? `${it};` : `delimiter ${delimiter}\n${it}${delimiter}\ndelimiter ;`;
  });
  return `${lines.join('\n')}\n`;
}

interface Statement {
  readonly text: string;
  readonly delimiter: string;
}

function* statements(test: string): Generator<Statement> {
  let delimiter = ';';
  let text = '';
  for (const line of withoutBlocks(test).split('\n')) {
    const [, next] = /^\s*(?:--\s*)?delimiter\s+(\S+)\s*$/i.exec(line) ?? [];
    if (next !== undefined) {
      delimiter = newDelimiter(next, delimiter);
      text = '';
    } else if (text !== '' || !/^\s*(--|#|$|[{}])/.test(line)) {
      text += `${line}\n`;
      const whole = text.trim();
      if (!whole.endsWith(delimiter)) continue;
      yield { text: whole.slice(0, -delimiter.length).trim(), delimiter };
      text = '';
    }
  }
}

/** `delimiter |;` ends with the delimiter that was valid until then. */
function newDelimiter(given: string, old: string): string {
  return given.length > old.length && given.endsWith(old) ? given.slice(0, -old.length) : given;
}

/** Files and programs within a test end with a line `EOF`. */
function withoutBlocks(test: string): string {
  return test.replaceAll(/^\s*(--)?\s*(perl|write_file|append_file)\b[\s\S]*?^EOF$/gm, '');
}

const MAKES =
  /^(create|alter|insert|replace|update|delete|set|use|drop|call|begin|start transaction|commit|rollback|truncate|rename|prepare|execute)\b/i;
const OF_THE_SERVER =
  /^(set\s+(global|password|@@global|persist)|(create|alter|drop)\s+(user|role|server|database|schema|tablespace|undo)|create\s+or\s+replace\s+(user|role|database|server))\b|\bmysql\.|\bperformance_schema\.|\bdata\s+directory\b/i;

/** A variable of mysqltest would have to be filled in. */
function isKept(text: string): boolean {
  return MAKES.test(text) && !OF_THE_SERVER.test(text) && !/\$[a-z]/i.test(text);
}

function keepTables(text: string, index: number): string {
  const [, names] = /^drop\s+tables?\s+(?:if\s+exists\s+)?([\w\s,`.]+)$/i.exec(text) ?? [];
  if (names === undefined) return text;
  const tables = names.split(',').map((name) => name.trim().replace(/\s+(cascade|restrict)$/i, ''));
  return tables.map((name) => `RENAME TABLE ${name} TO ${kept(name, index)}`).join(';\n');
}

function kept(name: string, index: number): string {
  return name.endsWith('`') ? `${name.slice(0, -1)}_${index}\`` : `${name}_${index}`;
}
