import { urlsOf } from '../../lib/engines/urls-of.ts';

/** Ports of the servers that URLs name; `undefined` for one that is a secret. A file has none. */
export function portsOf(urls: readonly string[]): (number | undefined)[] {
  return urls.flatMap((url) => {
    const read = urlsOf(url);
    return read?.kind === 'server' ? [read.portIn(url)] : [];
  });
}
