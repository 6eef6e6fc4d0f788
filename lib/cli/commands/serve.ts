import type { Env } from '../../cofre.ts';
import type { Config } from '../../config.ts';
import type { CliSession } from '../session.ts';

export interface ServeOptions {
  readonly config: Config;
  /** Instead of the configuration's. */
  readonly store?: string;
  readonly env: Env;
  /** Stops the server, and ends running jobs cleanly. */
  readonly signal: AbortSignal;
  /** Instead of the configuration's; 0 takes a free one. */
  readonly port?: number;
  /** Called once requests are answered. */
  readonly onListening: (url: string) => void;
}

/**
 * The API, the page and the schedules on this machine, until `signal` fires. They are made of the functions, which the
 * command line does not know: whoever starts it hands them in.
 */
export type Serve = (options: ServeOptions) => Promise<void>;

export const greeting = (url: string) => `Admin page and API: ${url}  (Ctrl+C stops)`;

/** Serves until the process is told to stop. */
export function serveCommand(serve: Serve) {
  return async ({ cofre, output, process }: CliSession, { port }: { port?: number }): Promise<void> => {
    await serve({
      config: cofre.config,
      store: cofre.store.url,
      env: process.env,
      signal: process.signal,
      ...(port !== undefined && { port }),
      onListening: (url) => output.result({ url }, () => greeting(url)),
    });
  };
}
