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
import type { DirectoryStore } from '../../lib/store/directory.ts';
import { type Desk, openDesk } from '../cli/cli.ts';
import { type Gateway, openGateway } from './gateway.ts';
import { type Issuer, startIssuer } from './issuer.ts';

/** The deployed API and page on one machine: gateway, authorizer, issuer, functions; backups in a folder. */
export interface Scene extends AsyncDisposable {
  readonly desk: Desk;
  readonly cofre: Cofre;
  readonly gateway: Gateway;
  readonly issuer: Issuer;
  /** The API's function itself, behind the gateway. */
  readonly api: ReturnType<typeof createApiHandler>;
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
    publicUrl: new URL(gateway.url).origin,
    ...(store !== undefined && { store }),
  });
  const running = new Set<Promise<void>>();
  const { signal } = new AbortController();
  const invoke = invokeInProcess(cofre, createBackupHandler(cofre, signal), signal, running);
  const metadata = metadataOf(issuer.settings);
  const api = createApiHandler({ cofre, invoke, identify: fromAuthorizer, anchor: new Date() });
  gateway.open({
    api,
    files: cofre.store as DirectoryStore,
    authorizer: createAuthorizer(tokenVerifier(issuer.settings, metadata), logger),
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
    api,
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
