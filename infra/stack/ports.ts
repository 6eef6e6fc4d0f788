const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  postgres: 5_432,
  postgresql: 5_432,
  mysql: 3_306,
  mariadb: 3_306,
};

/** Ports of the servers that URLs name; `undefined` for one that is a secret. SQLite has none. */
export function portsOf(urls: readonly string[]): (number | undefined)[] {
  return urls.flatMap((url) => {
    const [, scheme = '', authority = ''] = /^([a-z]+):\/\/([^/?#]*)/i.exec(url) ?? [];
    const usual = DEFAULT_PORTS[scheme.toLowerCase()];
    if (usual === undefined) return [];
    const port = /:(\d+|\$\{[^}]*\}|%24%7B.*)$/.exec(authority.slice(authority.lastIndexOf('@') + 1))?.[1];
    if (port === undefined) return [usual];
    return [/^\d+$/.test(port) ? Number(port) : undefined];
  });
}
