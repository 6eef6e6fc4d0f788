import type { Client } from 'pg';
import { isServerError } from '../wire/failures.ts';
import { quoteIdent, quoteLiteral } from '../wire/identifiers.ts';
import type { DatabaseFacts, Grant, Setting } from './database.ts';
import { commenting } from './replaced.ts';

/**
 * Gives the database `name` what belonged to `old` as a whole. After the load, as settings would act on its sessions.
 * What this role may not do is left out.
 * @returns a warning for each thing left out
 */
export async function copySettings(client: Client, name: string, old: DatabaseFacts): Promise<string[]> {
  const warnings: string[] = [];
  for (const { sql, what } of statementsFor(name, old)) {
    const failure = await failureOf(client, sql);
    if (failure) warnings.push(`${what} could not be kept: ${failure}.`);
  }
  return warnings;
}

interface Step {
  readonly sql: string;
  readonly what: string;
}

async function failureOf(client: Client, sql: string): Promise<string | undefined> {
  try {
    await client.query(sql);
    return undefined;
  } catch (error) {
    if (!isServerError(error) || error.code.startsWith('57') || error.code.startsWith('08')) throw error;
    return error.message;
  }
}

function statementsFor(name: string, old: DatabaseFacts): Step[] {
  const database = quoteIdent(name);
  const steps: Step[] = old.settings.map((it) => ({ sql: setting(database, it), what: describe(it) }));
  for (const { provider, label } of old.labels) {
    const sql = `SECURITY LABEL FOR ${quoteIdent(provider)} ON DATABASE ${database} IS ${quoteLiteral(label)}`;
    steps.push({ sql, what: `The security label of ${provider}` });
  }
  if (old.comment !== null) steps.push({ sql: commenting(name, old.comment), what: 'The comment' });
  if (old.connectionLimit !== -1) {
    const sql = `ALTER DATABASE ${database} CONNECTION LIMIT ${old.connectionLimit}`;
    steps.push({ sql, what: 'The connection limit' });
  }
  if (old.isTemplate) {
    steps.push({ sql: `ALTER DATABASE ${database} IS_TEMPLATE true`, what: 'Being a template' });
  }
  return [...steps, ...grantsFor(database, old)];
}

function describe({ role, setting }: Setting): string {
  const name = setting.slice(0, setting.indexOf('='));
  return `The database's setting ${name}${role === null ? '' : ` for the role ${role}`}`;
}

function setting(database: string, { role, setting }: Setting): string {
  const at = setting.indexOf('=');
  const [name, value] = [setting.slice(0, at), setting.slice(at + 1)];
  const whose =
    role === null ? `ALTER DATABASE ${database}` : `ALTER ROLE ${quoteIdent(role)} IN DATABASE ${database}`;
  const parts = name.split('.').map(quoteIdent).join('.');
  return `${whose} SET ${parts} TO ${LISTS.has(name) ? listOf(value) : quoteLiteral(value)}`;
}

/** Variables whose value is a list of names, already quoted where needed (pg_dump's variable_is_guc_list_quote). */
const LISTS = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
]);

function listOf(value: string): string {
  const names = [...value.matchAll(/"((?:[^"]|"")*)"|[^",\s]+/g)];
  const texts = names.map(([bare, quoted]) => quoted?.replaceAll('""', '"') ?? bare);
  return texts.length === 0 ? "''" : texts.map(quoteLiteral).join(', ');
}

/** From nothing to what was granted, as the owner: it is they who count as the giver of what another one has granted. */
function grantsFor(database: string, { grants, owner }: DatabaseFacts): Step[] {
  if (grants === null) return [];
  const revokes = ['PUBLIC', quoteIdent(owner)].map((role) => ({
    sql: `REVOKE ALL ON DATABASE ${database} FROM ${role}`,
    what: 'The revocation of default rights',
  }));
  return [...revokes, ...grants.map((grant) => granting(database, grant))];
}

function granting(database: string, { grantee, privilege, grantable }: Grant): Step {
  const role = grantee === '' ? 'PUBLIC' : quoteIdent(grantee);
  const option = grantable ? ' WITH GRANT OPTION' : '';
  const sql = `GRANT ${privilege} ON DATABASE ${database} TO ${role}${option}`;
  return { sql, what: `The right ${privilege} of ${grantee || 'PUBLIC'}` };
}
