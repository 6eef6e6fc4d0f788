import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, normalize, resolve } from 'node:path';
import { type Config, loadConfig } from '../lib/config.ts';
import type { DatabaseConfig } from '../lib/database-config.ts';
import type { EngineName } from '../lib/engines/engine.ts';
import { engineNameOf, urlsOf } from '../lib/engines/urls-of.ts';
import { CofreError } from '../lib/errors.ts';
import { isPlaceholder } from '../lib/secrets.ts';

/** A configuration that was found fit for AWS, and what follows from it for the stack. */
export interface Deployment {
  readonly config: Config;
  readonly engines: ReadonlySet<EngineName>;
  /** Whether there are databases that are files, which functions reach on a file system only. */
  readonly onFiles: boolean;
  /** Names or ARNs in Secrets Manager: of the databases, and of the mail server. */
  readonly secrets: { readonly databases: readonly string[]; readonly mail: readonly string[] };
  /** Files that the configuration names, relative to its folder. */
  readonly files: readonly string[];
  /** Text of the configuration. */
  readonly configuration: string;
}

export interface DeploymentOptions {
  /** Lambda runs on this machine (an emulator): SQLite files need no EFS. */
  readonly emulated: boolean;
}

/** Reads cofre.json and checks it for AWS. @throws {CofreError} `CONFIG_INVALID`, which names everything that is wrong */
export function planDeployment(file: string, options: DeploymentOptions): Deployment {
  const config = loadConfig(file, process.cwd());
  const databases = Object.entries(config.databases);
  const problems = [
    ...(databases.length === 0 ? ['databases: there is none to back up'] : []),
    ...databases.flatMap(([name, database]) =>
      databaseProblems(database, config, options).map((it) => `databases.${name}: ${it}`),
    ),
    ...mailProblems(config),
  ];
  if (problems.length > 0) throw invalid(file, problems);
  return {
    config,
    engines: new Set(databases.flatMap(([, { url }]) => engineNameOf(url) ?? [])),
    onFiles: databases.some(([, { url }]) => urlsOf(url)?.kind === 'file'),
    secrets: {
      databases: secretsIn(databases.map(([, { url }]) => url)),
      mail: secretsIn([config.mail?.transport ?? '']),
    },
    files: [...new Set(databases.flatMap(([, { url }]) => certificateOf(url) ?? []))],
    configuration: readFileSync(resolve(file), 'utf8'),
  };
}

function databaseProblems({ url }: DatabaseConfig, config: Config, options: DeploymentOptions) {
  const urls = urlsOf(url);
  if (urls === undefined) {
    const why = isPlaceholder(url)
      ? 'a URL that is a secret as a whole hides which engine it needs'
      : 'no engine for this URL';
    return [
      `${why}; give engine, host, user, password and database, each of which may be \${secret:NAME#field}`,
    ];
  }
  return [
    ...secretProblems(url),
    ...(urls.kind === 'file'
      ? fileProblems(urls.pathIn(url), config, options)
      : certificateProblems(urls.caFileIn(url), config.folder)),
  ];
}

function secretProblems(text: string): string[] {
  const environment = /\$\{env:([^}]+)\}/.exec(text)?.[1];
  if (environment !== undefined) {
    return [`\${env:${environment}} means nothing in AWS; keep it in Secrets Manager: \${secret:NAME#field}`];
  }
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^:@/?#]*:(.*)@/is.exec(text)?.[1];
  const plain = password !== undefined && password !== '' && !isPlaceholder(decodeURI(password));
  return plain
    ? ['its password is written out; keep it in Secrets Manager and write ${secret:NAME#field} instead']
    : [];
}

function fileProblems(path: string, { aws: { efs } }: Config, { emulated }: DeploymentOptions): string[] {
  if (emulated) return isAbsolute(path) ? [] : ['functions of an emulator need an absolute path'];
  if (!efs) return ['a SQLite file needs aws.efs: the file system and the access point that it is on'];
  if (normalize(path).startsWith(`${efs.mountPath}/`)) return [];
  return [`its file has to be below ${efs.mountPath}, where the functions see the file system`];
}

/** A path stays as it is written, so it must lie in the configuration's folder, which becomes the functions' own. */
function certificateProblems(file: string | undefined, folder: string): string[] {
  if (file === undefined) return [];
  const inside = !isAbsolute(file) && !normalize(file).startsWith('..');
  if (!inside) return [`sslrootcert has to be a file in the folder of the configuration, not ${file}`];
  return existsSync(resolve(folder, file)) ? [] : [`there is no file ${file} for sslrootcert`];
}

function certificateOf(url: string): string | undefined {
  const urls = urlsOf(url);
  return urls?.kind === 'server' ? urls.caFileIn(url) : undefined;
}

function mailProblems({ mail, databases }: Config): string[] {
  const wanted = Object.entries(databases).find(([, { email }]) => email)?.[0];
  if (!mail)
    return wanted === undefined ? [] : [`databases.${wanted}.email: there is no "mail" to send it by`];
  const fits = /^(ses:$|smtps?:)/.test(mail.transport);
  if (!fits) return ['mail.transport: in AWS it is ses:, smtp://… or smtps://…'];
  return secretProblems(mail.transport).map((it) => `mail.transport: ${it}`);
}

function secretsIn(texts: readonly string[]): string[] {
  const found = texts.flatMap((text) => text.match(/(?<=\$\{secret:)[^}#]+/g) ?? []);
  return [...new Set(found)];
}

function invalid(file: string, problems: readonly string[]): CofreError {
  const told = problems.map((it) => `\n  - ${it}`).join('');
  return new CofreError('CONFIG_INVALID', `The configuration (${file}) cannot be deployed:${told}`, {
    hint: 'docs/deploy.md says what AWS needs.',
  });
}
