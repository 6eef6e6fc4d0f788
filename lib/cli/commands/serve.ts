import type { CliSession } from '../session.ts';

/** Serves until the process is told to stop. */
export async function serveCommand(
  { cofre, output, process }: CliSession,
  options: { port?: number },
): Promise<void> {
  // Loaded here: the other commands need neither the server nor the page.
  const { greeting, serve } = await import('../../../infra/local/serve.ts');
  await serve({
    config: cofre.config,
    store: cofre.store.url,
    env: process.env,
    signal: process.signal,
    ...(options.port !== undefined && { port: options.port }),
    onListening: (url) => output.result({ url }, () => greeting(url)),
  });
}
