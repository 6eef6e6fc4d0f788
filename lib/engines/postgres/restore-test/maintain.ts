/** All rights on a table before version 17 brought MAINTAIN, in the order of pg_dump. */
const ALL = 'SELECT,INSERT,REFERENCES,DELETE,TRIGGER,TRUNCATE,UPDATE';
const REVOKE = /^REVOKE \S+ ON TABLE .* FROM (.*);$/;
const GRANT = /^GRANT (\S+) ON TABLE .* TO (.*);$/;

/**
 * Whether `is`, from a server that knows the right MAINTAIN, says what `was` does, from one that did not. Before that, every
 * owner could do what it allows: a restore takes from an owner what the backup names, and this right stays. For anybody
 * else it would be new.
 */
export function sameButForMaintain(was: string, is: string): boolean {
  const lines = is.split('\n');
  const [, owner] = REVOKE.exec(lines[0] ?? '') ?? [];
  if (owner === undefined) return false;
  const kept = lines.map((line) => {
    const [, rights, to] = GRANT.exec(line) ?? [];
    return rights !== undefined && to === owner ? withoutMaintain(line, rights) : line;
  });
  return was.replace(`REVOKE ${ALL} ON TABLE `, 'REVOKE ALL ON TABLE ') === kept.filter(Boolean).join('\n');
}

/** Empty where it was the only one. */
function withoutMaintain(grant: string, rights: string): string {
  const others = rights.split(',').filter((right) => right !== 'MAINTAIN');
  return others.length === 0 ? '' : grant.replace(rights, () => others.join(','));
}
