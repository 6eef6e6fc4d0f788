import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Desk, openDesk } from './cli.ts';

/** Each is a different secret, so that a failure tells which one leaked. */
const CANARIES = {
  env: 'CanaryOfEnv-7f3a',
  smtp: 'CanaryOfSmtp-91bc',
  url: 'CanaryOfUrl-d04e',
  query: 'CanaryOfQuery-55aa',
  fields: 'CanaryOfFields-8e1d',
  unused: 'CanaryOfUnused-c3c3',
};
const ENV = {
  SMTP_PASSWORD: CANARIES.env,
  AWS_SECRET_ACCESS_KEY: CANARIES.unused,
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
};

/** Port 9 is discard: nobody listens there, so every mail fails after the password was filled in. */
const CONFIG = {
  databases: {
    shop: { url: 'sqlite:./shop.sqlite3' },
    pg: { url: `postgres://ana:${CANARIES.url}@127.0.0.1:9/x?sslmode=disable` },
    fields: {
      engine: 'postgres',
      host: '127.0.0.1',
      port: 9,
      user: 'ana',
      password: CANARIES.fields,
      database: 'x',
    },
    far: { url: `oracle://scott:${CANARIES.url}@127.0.0.1:9/x?sslpassword=${CANARIES.query}` },
  },
  mail: {
    transport: 'smtp://user:${env:SMTP_PASSWORD}@127.0.0.1:9',
    from: 'cofre@example.com',
    recipients: ['a@example.com'],
  },
};

/** Everything that the runs left on disk, but the configuration itself. */
function written(folder: string): string {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((it) => join(folder, it));
  const files = paths.filter((it) => statSync(it).isFile() && !/cofre\w*\.json$/.test(it));
  return files.map((it) => readFileSync(it, 'latin1')).join('\n');
}

async function transcript(desk: Desk, commands: readonly (readonly string[])[]): Promise<string> {
  const runs = commands.flatMap((args) => [args, [...args, '--json']]);
  const results = [];
  for (const args of runs) results.push(await desk.run(args, { ...ENV, COFRE_LOG: 'json' }));
  return results.map(({ stdout, stderr }) => stdout + stderr).join('\n');
}

function leaks(text: string): string[] {
  return Object.entries(CANARIES)
    .filter(([, value]) => text.includes(value))
    .map(([name]) => name);
}

describe('no secret is printed or stored', () => {
  it('of the environment, of a mail transport, of a database URL', async () => {
    await using desk = await openDesk(CONFIG);
    const seen = await transcript(desk, [
      ['backup', '--database', 'shop', '--email'],
      ['backup', '--database', 'far'],
      ['backup', '--database', 'pg'],
      ['backup', '--database', 'fields'],
      ['backup', '--url', `postgres://ana:${CANARIES.url}@h:bad/d?password=${CANARIES.query}`],
      [
        'restore',
        'shop.sqlite3',
        '--yes',
        '--to',
        `postgres://127.0.0.1:9/d?user=u&password=${CANARIES.query}`,
      ],
      ['backup', '--url', `oracle://u:${CANARIES.url}@h/d?password=${CANARIES.query}`],
      ['restore', '--latest', '--yes', '--to', `oracle://u:${CANARIES.url}@h/d`],
      ['list'],
      ['jobs'],
    ]);
    expect(seen).toContain('MAIL_FAILED');
    expect(leaks(seen)).toEqual([]);
    const files = written(desk.folder);
    expect(files).toContain('MAIL_FAILED');
    expect(leaks(files)).toEqual([]);
  });

  it('when the password of the transport stands in the configuration itself', async () => {
    const mail = { ...CONFIG.mail, transport: `smtp://user:${CANARIES.smtp}@127.0.0.1:9` };
    await using desk = await openDesk({ ...CONFIG, mail });
    const seen = await transcript(desk, [['backup', '--database', 'shop', '--email'], ['jobs']]);
    expect(seen).toContain('MAIL_FAILED');
    expect(leaks(seen + written(desk.folder))).toEqual([]);
  });

  it('when the configuration is refused for another field, or is not even JSON', async () => {
    const mail = { ...CONFIG.mail, transport: `smtp://user:${CANARIES.smtp}@h`, from: CANARIES.env };
    await using desk = await openDesk({ ...CONFIG, mail, extra: CANARIES.url });
    const whole = readFileSync(join(desk.folder, 'cofre.json'), 'utf8');
    // V8 quotes what stands around a mistake: here the password itself.
    writeFileSync(
      join(desk.folder, 'cofre-broken.json'),
      whole.replace(`"smtp://user:${CANARIES.smtp}`, `${CANARIES.smtp}`),
    );
    const seen = await transcript(desk, [['list'], ['list', '--config', 'cofre-broken.json']]);
    expect(seen.match(/CONFIG_INVALID/g)).toHaveLength(2);
    expect(leaks(seen)).toEqual([]);
  });
});
