/** How pg_dump ends a dump. `key` is that of its \restrict line, if any. */
export function endOfDump(key: string | undefined): string {
  const unrestrict = key === undefined ? '' : `\\unrestrict ${key}\n\n`;
  return `--\n-- PostgreSQL database dump complete\n--\n\n${unrestrict}`;
}

/** How pg_dump begins a dump. */
export function startOfDump(key: string | undefined): string {
  const restrict = key === undefined ? '' : `\\restrict ${key}\n\n`;
  return `--\n-- PostgreSQL database dump\n--\n\n${restrict}`;
}
