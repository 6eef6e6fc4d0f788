import { execFileSync, spawnSync } from 'node:child_process';

/** Fresh lists first, as old ones name versions that are gone. apt-get waits for dpkg's lock, not for that of the lists. */
const UPDATE = `
until said=$(apt-get update 2>&1); do
  case $said in *'Could not get lock'*) sleep 2 ;; *) break ;; esac
done`;

/**
 * Installs Debian's packages. Whoever else is at it, another run of the tests too, is waited for.
 *
 * @throws Error that says to install them as root, and ends with what apt-get said
 */
export function installPackages(...packages: readonly string[]): void {
  const install = 'apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends';
  try {
    execFileSync('sh', ['-ec', `${UPDATE}\n${install} ${packages.join(' ')}`], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    });
  } catch (error) {
    const why = String((error as { stderr?: unknown }).stderr || error).slice(-2_000);
    const what = `Debian's package ${packages.join(', ')}`;
    throw new Error(`The tests need ${what}. Install it as root. apt-get said: ${why}`);
  }
}

/** Whether somebody installs the package just now: its files appear before all that they need is there. */
export function isHalfInstalled(name: string): boolean {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f=${db:Status-Status}', name], { encoding: 'utf8' });
  return ['unpacked', 'half-installed', 'half-configured', 'triggers-awaited'].includes(stdout);
}
