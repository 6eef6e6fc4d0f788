import type { Flavor, MysqlServer } from '../../servers/mysql/server.ts';
import { startMysql } from '../../servers/mysql/server.ts';
import { runCli } from '../../support/cli-process.ts';
import { seenByMysqldump } from '../../support/mysql/judged.ts';
import { makeWorkspace, type Workspace } from '../../support/workspace.ts';

/** The user that Cofre is, whose sessions are told by it. */
const USER = 'cofre';

/** Two databases with a backup each, and a target, on a server of its own. */
export interface Scene extends AsyncDisposable {
  readonly server: MysqlServer;
  readonly workspace: Workspace;
  /** Ids of the backups of `a` and `b`, and what mysqldump says of each. */
  readonly ids: Readonly<Record<string, string>>;
  readonly prints: Readonly<Record<string, string>>;
  url(database: string): string;
  /** Text of mysqldump. */
  print(database: string): Promise<string>;
  /** Databases and sessions that Cofre has made and not yet cleared. */
  leftovers(): Promise<string[]>;
}

/** Large enough that every part of a run takes a while. */
const SCHEMA = (name: string, rows: number) => `
  CREATE TABLE is_${name} (id BIGINT PRIMARY KEY);
  CREATE TABLE owners (id INT PRIMARY KEY, name VARCHAR(50) UNIQUE);
  CREATE TABLE notes (id BIGINT AUTO_INCREMENT PRIMARY KEY, owner INT, body TEXT, at TIMESTAMP NULL, KEY by_body (body(50)),
    CONSTRAINT owned FOREIGN KEY (owner) REFERENCES owners (id));
  CREATE TABLE ten (n INT PRIMARY KEY); INSERT INTO ten VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
  INSERT INTO owners SELECT a.n * 10 + b.n, CONCAT('${name} ', a.n * 10 + b.n) FROM ten a, ten b WHERE a.n < 5;
  INSERT INTO notes (owner, body) SELECT n % 50, REPEAT(SHA2(n, 256), 5)
    FROM (SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n AS n FROM ten a, ten b, ten c, ten d) s WHERE n < ${rows} ORDER BY n;
  CREATE VIEW seen AS SELECT name, COUNT(*) AS notes FROM owners JOIN notes ON owner = owners.id GROUP BY name;
  CREATE TRIGGER stamped BEFORE INSERT ON notes FOR EACH ROW SET NEW.at = NOW();
  CREATE PROCEDURE counted () SELECT COUNT(*) FROM notes;`;

export async function openScene(flavor: Flavor, rows: number): Promise<Scene> {
  const opened = new AsyncDisposableStack();
  const server = await startMysql(flavor);
  opened.defer(() => server.stop());
  await server.createUser(USER, ['ALL ON *.*']);
  const workspace = makeWorkspace();
  opened.defer(() => workspace.remove());
  const [ids, prints]: [Record<string, string>, Record<string, string>] = [{}, {}];
  const url = (database: string) => server.url(database, USER);
  const print = (database: string) => seenByMysqldump(server, server.url(database));
  for (const name of ['a', 'b']) {
    await server.createDatabase(name);
    await server.sql(name, SCHEMA(name, name === 'a' ? rows : rows + 500));
    prints[name] = await print(name);
    const args = ['backup', '--url', url(name), '--store', './backups', '--json'];
    const { stdout } = await runCli(args, { cwd: workspace.folder });
    ids[name] = JSON.parse(stdout).id;
  }
  await server.createDatabase('target');
  return {
    server,
    workspace,
    ids,
    prints,
    url,
    print,
    leftovers: async () => {
      const sessions = await server.sql('', 'SHOW PROCESSLIST');
      const schemas = await server.sql('', "SHOW DATABASES LIKE 'cofre\\_%'");
      const ours = sessions.split('\n').filter((line) => line.split('\t')[1] === USER);
      return [...ours, ...schemas.split('\n').filter(Boolean)];
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
