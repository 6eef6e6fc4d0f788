import { isServerError } from '../connection/failures.ts';
import type { MysqlSession } from '../connection/session.ts';
import type { MysqlSessions } from '../connection/sessions.ts';
import type { Statement } from '../script/items.ts';
import { beginOf, failedStatement, requireSize } from './damage.ts';
import { type Definer, definerOf } from './definers.ts';
import { eventOf, inertStatus, withStatus } from './events.ts';
import { adaptSetting } from './foreign-settings.ts';
import type { Notes } from './notes.ts';

/** What statements are run by. */
export interface Runner {
  /** The first one runs the statements; what holds for a session holds for all of them. */
  readonly sessions: MysqlSessions;
  readonly notes: Notes;
  /** Make events as they are in the dump, not disabled. */
  readonly enableEvents: boolean;
  /** Events that are enabled in the dump are not to run, nor later. */
  readonly inert: boolean;
  /** Leave everything to the user that restores. */
  readonly dropDefiners: boolean;
  /** bytes. */
  readonly maxAllowedPacket: number;
  /** That the server has, in small letters. */
  readonly collations: ReadonlySet<string>;
}

/** ER_SPECIFIC_ACCESS_DENIED_ERROR: only some may make things that belong to somebody else. */
const NOT_YOURS = 1227;

/**
 * Runs one statement. Events are made disabled, unless they may run at once; what the server will not let us make for somebody else becomes our own.
 * @throws {CofreError} `BACKUP_DAMAGED`, `RESTORE_REFUSED`, `TARGET_INVALID`; else what the server says
 */
export async function runStatement(runner: Runner, given: Statement): Promise<void> {
  const statement = withoutRunning(runner, given);
  const definer = definerOf(statement);
  const chosen = definer && runner.dropDefiners ? definer.without : statement;
  try {
    if (SETTING.test(chosen.head)) await set(runner, chosen);
    else await run(runner, chosen);
  } catch (error) {
    if (chosen !== statement || !definer || !isServerError(error) || error.errno !== NOT_YOURS)
      throw failed(error, given);
    await runAsOurs(runner, definer, given);
  }
}

/** What is noted of an event is the status that it is to have in the end. */
function withoutRunning({ notes, enableEvents, inert }: Runner, given: Statement): Statement {
  const event = eventOf(given);
  if (!event) return given;
  const status = inert ? inertStatus(event.status) : event.status;
  notes.event(event.name, status);
  if (!enableEvents) return event.disabled;
  return status === event.status ? given : withStatus(given, status);
}

async function runAsOurs(runner: Runner, definer: Definer, given: Statement): Promise<void> {
  try {
    await run(runner, definer.without);
  } catch (error) {
    throw failed(error, given);
  }
  runner.notes.definer(definer.name);
}

const SETTING = /^(?:\/\*M?!\d*\s*)?set\b/i;

/** What holds for a session holds for all of them. Another server's settings may need another form, more than once. */
async function set(runner: Runner, statement: Statement): Promise<void> {
  try {
    await run(runner, statement);
    const [, ...others] = runner.sessions;
    const all = (sessions: readonly MysqlSession[], sql: string | Uint8Array) =>
      Promise.all(sessions.map((session) => Promise.race([session.run(sql), session.lost])));
    await all(others, statement.bytes);
    // Sessions that leave rows uncommitted would wait for each other without end.
    if (/autocommit/i.test(statement.head)) await all(runner.sessions, 'SET autocommit = 1');
  } catch (error) {
    const adapted = adaptSetting(statement, error, runner.collations);
    if (!adapted) throw error;
    if (adapted.warning) runner.notes.setting(adapted.warning);
    await set(runner, adapted.statement);
  }
}

/** ER_LOCK_DEADLOCK: sessions of ours make tables at the same time that refer to each other. */
const AGAIN = 1213;
const ATTEMPTS = 10;

async function run({ sessions, maxAllowedPacket }: Runner, { bytes }: Statement): Promise<void> {
  const [first] = sessions;
  requireSize(bytes, maxAllowedPacket, first.server);
  for (let attempt = 1; ; attempt++) {
    try {
      return void (await Promise.race([first.run(bytes), first.lost]));
    } catch (error) {
      if (!isServerError(error) || error.errno !== AGAIN || attempt === ATTEMPTS) throw error;
    }
  }
}

function failed(error: unknown, { bytes, line }: Statement): unknown {
  return failedStatement(error, `line ${line} of the dump`, beginOf(bytes));
}
