import { fromAuthorizer } from '../../functions/access/caller.ts';
import { bundlePage } from '../../functions/admin/bundle.ts';
import { pageSignIn } from '../../functions/admin/sign-in.ts';
import { createAdminHandler } from '../../functions/admin.ts';
import { createApiHandler } from '../../functions/api.ts';
import { createAuthorizer } from '../../functions/authorizer.ts';
import { createBackupHandler } from '../../functions/backup.ts';
import { metadataOf } from '../../functions/sign-in/metadata.ts';
import { tokenVerifier } from '../../functions/sign-in/verifier.ts';
import { invokeInProcess } from '../../infra/local/invoke.ts';
import { type Cofre, openCofre } from '../../lib/cofre.ts';
import { loadConfig } from '../../lib/config.ts';
import { jsonLogger } from '../../lib/logger.ts';
import { type Desk, openDesk } from '../cli/cli.ts';
import { type Gateway, openGateway } from './gateway.ts';
import { type Issuer, startIssuer } from './issuer.ts';

/** The deployed API and page on one machine: gateway, authorizer, issuer, functions; backups in a folder. */
export interface Scene extends AsyncDisposable {
  readonly desk: Desk;
  readonly cofre: Cofre;
  readonly gateway: Gateway;
  readonly issuer: Issuer;
  /** Everything that the functions have logged. */
  log(): string;
  /** Resolves when no job is under way. */
  settled(): Promise<void>;
}

interface SceneOptions {
  readonly config?: object;
  readonly env?: Record<string, string>;
  readonly store?: string;
  /** Of access tokens, s. */
  readonly lifetime?: number;
}

export async function openScene({ config, env = {}, store, lifetime }: SceneOptions = {}): Promise<Scene> {
  const [desk, gateway] = await Promise.all([openDesk(config), openGateway()]);
  const issuer = await startIssuer(gateway.url, lifetime);
  const lines: string[] = [];
  const logger = jsonLogger((line) => void lines.push(line));
  const cofre = openCofre({
    config: loadConfig(undefined, desk.folder),
    env,
    logger,
    publicUrl: gateway.url,
    ...(store !== undefined && { store }),
  });
  const running = new Set<Promise<void>>();
  const { signal } = new AbortController();
  const invoke = invokeInProcess(cofre, createBackupHandler(cofre, signal), signal, running);
  const metadata = metadataOf(issuer.settings);
  gateway.open({
    authorizer: createAuthorizer(tokenVerifier(issuer.settings, metadata), logger),
    api: createApiHandler({ cofre, invoke, identify: fromAuthorizer, anchor: new Date() }),
    page: createAdminHandler(await bundlePage(), logger, async () =>
      pageSignIn(issuer.settings, await metadata()),
    ),
  });
  const settled = async () => {
    while (running.size > 0) await Promise.all(running);
  };
  return {
    desk,
    cofre,
    gateway,
    issuer,
    log: () => lines.join(''),
    settled,
    [Symbol.asyncDispose]: async () => {
      await settled();
      await gateway[Symbol.asyncDispose]();
      await issuer[Symbol.asyncDispose]();
      await desk[Symbol.asyncDispose]();
    },
  };
}
