import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Files that `makeCertificate` writes. The certificate signs itself, so it is its own authority. */
export const CERTIFICATE = 'server.crt';
export const KEY = 'server.key';

/** For `localhost` and 127.0.0.1, so that a client may verify it in full. */
export async function makeCertificate(folder: string, account: { uid?: number; gid?: number } = {}) {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', KEY];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const output = ['-x509', '-days', '3650', '-out', CERTIFICATE];
  await run('openssl', ['req', ...key, ...names, ...output], { ...account, cwd: folder });
}
