const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  postgres: 5_432,
  postgresql: 5_432,
  mysql: 3_306,
  mariadb: 3_306,
};

/** Stands for a secret while a URL is taken apart: a placeholder holds characters that end a part of it. */
const SECRET = '*';

/** Ports of the servers that URLs name; `undefined` for one that is a secret. SQLite has none. */
export function portsOf(urls: readonly string[]): (number | undefined)[] {
  return urls.flatMap((url) => {
    const plain = url.replaceAll(/\$\{[^}]*\}/g, SECRET);
    const [, scheme = '', authority = ''] = /^([a-z]+):\/\/([^/?#]*)/i.exec(plain) ?? [];
    const usual = DEFAULT_PORTS[scheme.toLowerCase()];
    if (usual === undefined) return [];
    const port = /:(\d+|\*)$/.exec(authority.slice(authority.lastIndexOf('@') + 1))?.[1];
    return [port === undefined ? usual : port === SECRET ? undefined : Number(port)];
  });
}
