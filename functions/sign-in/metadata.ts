import { z } from 'zod';
import { CofreError } from '../../lib/errors.ts';
import { issuerOf, type SignInSettings } from '../../lib/sign-in.ts';

const metadataSchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  /** Where a session at the issuer ends, if it can (OpenID Connect RP-Initiated Logout 1.0). */
  end_session_endpoint: z.url().optional(),
});
/** What an issuer tells of itself (OpenID Connect Discovery 1.0, 3). */
export type Metadata = z.infer<typeof metadataSchema>;

/** ms */
const TIMEOUT_MS = 3_000;

/** GET of a URL of the issuer, tried twice. @throws {CofreError} `INTERNAL` when it cannot be had */
export async function getFromIssuer(url: string): Promise<ArrayBuffer> {
  try {
    return await get(url).catch(() => get(url));
  } catch (cause) {
    throw new CofreError('INTERNAL', `The issuer did not answer at ${url}.`, { cause });
  }
}

async function get(url: string): Promise<ArrayBuffer> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return await answer.arrayBuffer();
}

/** The issuer's metadata, read when it is first asked for and kept; a failure is not kept. */
export function metadataOf(settings: SignInSettings): () => Promise<Metadata> {
  let known: Promise<Metadata> | undefined;
  return () => {
    known ??= read(settings).catch((error) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}

async function read(settings: SignInSettings): Promise<Metadata> {
  const issuer = issuerOf(settings);
  const url = settings.metadataUrl ?? `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const parsed = metadataSchema.safeParse(JSON.parse(Buffer.from(await getFromIssuer(url)).toString('utf8')));
  // The issuer that it tells of must be the one that was asked for (Discovery, 4.3).
  if (parsed.success && parsed.data.issuer === issuer) return parsed.data;
  throw new CofreError('INTERNAL', `What ${url} tells is not the metadata of ${issuer}.`, {
    hint: 'Check the issuer, letter by letter, in aws.signIn of cofre.json.',
  });
}
