/** An AWS emulator that the tests started. */
export interface AwsServer {
  readonly name: 'localstack' | 'ministack';
  /** `http://127.0.0.1:PORT`. Reachable from this machine only. */
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly region: string;
  /** Path of the certificate, PEM, when the endpoint is `https:`. This process trusts it already. */
  readonly certificate?: string;
  /** Kills the server and removes its files. Resolves when both are gone; safe to call twice. */
  stop(): Promise<void>;
}

/**
 * One way in which an emulator differs from S3. `servers.test.ts` asserts each of them, so an emulator
 * that was corrected makes a test fail until its entry is removed.
 */
export interface Deviation {
  /** A name in `behaviours.ts`, where the right answer is. */
  readonly behaviour: string;
  /** What the emulator answers instead. */
  readonly instead: unknown;
  /** What it means for a test that runs against the emulator. */
  readonly note: string;
}
