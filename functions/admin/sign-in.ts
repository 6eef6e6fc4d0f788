import { known } from '../../lib/known.ts';
import { isCognito, type SignInSettings } from '../../lib/sign-in.ts';
import type { Metadata } from '../sign-in/metadata.ts';
import { asset, type PageAssets } from './assets.ts';

/** What the page has to know to sign people in. Nothing of it is secret. */
export interface PageSignIn {
  /** The issuer's endpoints. */
  readonly authorize: string;
  readonly token: string;
  readonly end: string | null;
  readonly clientId: string;
  readonly scope: string;
  /** To be sent along to `authorize`. */
  readonly parameters: Readonly<Record<string, string>>;
}

export function pageSignIn(settings: SignInSettings, metadata: Metadata): PageSignIn {
  const { clientId } = settings;
  const { authorization_endpoint: authorize, token_endpoint: token, end_session_endpoint: told } = metadata;
  if (!isCognito(settings)) {
    const { scope, authorizeParameters: parameters } = settings;
    return { authorize, token, end: told ?? null, clientId, scope, parameters };
  }
  // https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
  const end = authorize.replace(/\/oauth2\/authorize$/, '/logout');
  return { authorize, token, end, clientId, scope: 'openid', parameters: {} };
}

/** The page with the settings in its head: not a script, so that its policy can stay without exceptions. */
export function withSignIn(assets: PageAssets, signIn: PageSignIn): PageAssets {
  const page = known(assets.get('/'), 'The page');
  const meta = `<meta name="sign-in" content="${escaped(JSON.stringify(signIn))}" />`;
  const html = page.body.toString('utf8').replace('</head>', () => `  ${meta}\n  </head>`);
  return new Map([...assets, ['/', asset(Buffer.from(html), page.contentType)]]);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replaceAll(/[&<>"]/g, (it) => ENTITIES[it] ?? it);
