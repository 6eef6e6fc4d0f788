import type { IncomingHttpHeaders } from 'node:http';
import { CofreError } from '../../lib/errors.ts';

/**
 * The local server has no sign-in: whoever is at this machine may use it, and nobody else. It listens on 127.0.0.1
 * only; against pages of other origins (DNS rebinding, cross-site requests) it checks where a request was sent to and
 * where it came from (https://fetch.spec.whatwg.org/#origin-header, https://www.w3.org/TR/fetch-metadata/).
 * @throws {CofreError} `USAGE`, to be answered with 403.
 */
export function requireOwnOrigin(headers: IncomingHttpHeaders, port: number): void {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
  const { host = '', origin } = headers;
  if (!hosts.includes(host.toLowerCase())) throw foreign(`Host ${host || '(none)'}`);
  if (origin !== undefined && !hosts.some((own) => origin.toLowerCase() === `http://${own}`)) {
    throw foreign(`Origin ${origin}`);
  }
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate')
    throw foreign('a page of another site');
}

function foreign(what: string): CofreError {
  return new CofreError('USAGE', `Refused: the request comes by way of ${what}.`, {
    hint: 'Use the address that cofre serve prints.',
  });
}
