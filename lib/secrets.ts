import { CofreError } from './errors.ts';
import { known } from './known.ts';

/** Reads a secret's text by name or ARN. */
export type SecretReader = (name: string) => Promise<string>;

const PLACEHOLDER = /\$\{(env|secret):([^}#]+)(?:#([^}]+))?\}/g;

/** Whether the text is one placeholder and nothing else. */
export function isPlaceholder(text: string): boolean {
  return text.match(PLACEHOLDER)?.[0] === text;
}

/** Percent-encodes a text as a part of a URL, all but its placeholders, which are encoded when they are filled in. */
export function encodePart(text: string): string {
  const parts = new RegExp(`${PLACEHOLDER.source}|[^$]+|\\$`, 'g');
  // Half a surrogate pair, which JSON can hold, is no character and could not be encoded.
  return text
    .toWellFormed()
    .replace(parts, (part, kind?: string) => (kind === undefined ? encodeURIComponent(part) : part));
}

/**
 * Fills in `${env:NAME}`, `${secret:NAME_OR_ARN}` and `${secret:NAME_OR_ARN#field}` (a field of a JSON secret), each
 * percent-encoded (RFC 3986, 2.1), so that a password may hold any character. A text that is nothing but one of them
 * becomes the value as it is: a whole URL kept as a secret.
 * @throws {CofreError} `SECRET_UNAVAILABLE`, which names what is missing and never a value.
 */
export async function fillSecrets(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  readSecret: SecretReader,
): Promise<string> {
  let filled = '';
  let at = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const [whole, kind, given, field] = match;
    const name = known(given, 'The name in a placeholder');
    const value = kind === 'env' ? fromEnv(env, name) : await fromSecret(readSecret, name, field);
    if (whole === text) return value;
    filled += text.slice(at, match.index) + encodeURIComponent(value);
    at = match.index + whole.length;
  }
  return filled + text.slice(at);
}

function fromEnv(env: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = env[name];
  if (value !== undefined) return value;
  throw unavailable(`The environment variable ${name} is not set.`, 'Set it, or change the configuration.');
}

async function fromSecret(
  readSecret: SecretReader,
  name: string,
  field: string | undefined,
): Promise<string> {
  const text = await readSecret(name);
  if (field === undefined) return text;
  const value = readField(text, field);
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw unavailable(
    `The secret ${name} has no field "${field}".`,
    'Check the name of the field in the secret.',
  );
}

function readField(text: string, field: string): unknown {
  try {
    return (JSON.parse(text) as Record<string, unknown>)[field];
  } catch {
    return undefined;
  }
}

/** Longest wait for a connection, and for an answer, ms: a network without a way to Secrets Manager never says no. */
const PATIENCE = { connectionTimeout: 5_000, requestTimeout: 10_000, throwOnRequestTimeout: true };

/** Secrets Manager; its client is loaded only when a secret is asked for. */
export function secretsManager(): SecretReader {
  return async (name) => {
    const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
    const client = new SecretsManagerClient({ requestHandler: PATIENCE });
    try {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }));
      if (SecretString !== undefined) return SecretString;
    } catch (error) {
      throw unavailable(
        `The secret ${name} cannot be read: ${(error as Error).name}.`,
        'Check its name, the region, the right secretsmanager:GetSecretValue and, in a VPC, that there is an endpoint or a NAT.',
        error,
      );
    } finally {
      client.destroy();
    }
    throw unavailable(`The secret ${name} is binary.`, 'Store it as text.');
  };
}

function unavailable(message: string, hint: string, cause?: unknown): CofreError {
  return new CofreError('SECRET_UNAVAILABLE', message, { hint, cause });
}

/**
 * A URL as it may be shown: without password, and without query values that look secret. A password that was not
 * encoded may hold any character, so all up to the last `@` counts as one.
 */
export function redactUrl(url: string): string {
  return url
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^:@/?#]*):.*@/is, '$1:***@')
    .replaceAll(/([?&][^=&#]*(?:pass|pwd|secret|token|key|credential|signature)[^=&#]*=)[^&]*/gi, '$1***');
}
