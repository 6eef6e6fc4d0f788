import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { toCofreError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import type { PageAsset, PageAssets } from './admin/assets.ts';
import { type PageSignIn, withSignIn } from './admin/sign-in.ts';

export type AdminHandler = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

/** `issuer`: the origin that the page gets its tokens from. */
function securityHeaders(issuer?: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self'${issuer === undefined ? '' : ` ${issuer}`}`,
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  };
}

/**
 * Serves the admin page: a handful of static files, revalidated by entity tag so that an update shows at once. With
 * `signIn`, asked when the page is first opened, it lets nobody in who has no token.
 */
export function createAdminHandler(
  files: PageAssets,
  logger: Logger,
  signIn?: () => Promise<PageSignIn>,
): AdminHandler {
  return async (event) => {
    if (event.httpMethod !== 'GET' && event.httpMethod !== 'HEAD') return methodNotAllowed();
    if (lacksSlash(event)) return toFolder(event);
    try {
      return answer(event, files, await signIn?.());
    } catch (error) {
      logger.error('The sign-in could not be offered.', { reason: toCofreError(error).message });
      return plain(502, 'The sign-in service does not answer. Try again in a while.\n');
    }
  };
}

function answer(event: APIGatewayProxyEvent, files: PageAssets, signIn?: PageSignIn): APIGatewayProxyResult {
  const headers = securityHeaders(signIn && new URL(signIn.token).origin);
  const asset = (signIn ? withSignIn(files, signIn) : files).get(event.path || '/');
  if (!asset) return plain(404, 'Not found.\n');
  return isCurrent(event, asset)
    ? notModified(asset, headers)
    : whole(asset, headers, event.httpMethod === 'HEAD');
}

function whole(asset: PageAsset, headers: Record<string, string>, headOnly: boolean): APIGatewayProxyResult {
  return {
    statusCode: 200,
    headers: assetHeaders(asset, headers),
    body: headOnly ? '' : asset.body.toString('utf8'),
  };
}

function notModified(asset: PageAsset, headers: Record<string, string>): APIGatewayProxyResult {
  return { statusCode: 304, headers: assetHeaders(asset, headers), body: '' };
}

function assetHeaders(asset: PageAsset, headers: Record<string, string>): Record<string, string> {
  return {
    ...headers,
    'Content-Type': asset.contentType,
    'Cache-Control': 'no-cache',
    ETag: asset.etag,
  };
}

function isCurrent(event: APIGatewayProxyEvent, asset: PageAsset): boolean {
  const tags = header(event, 'if-none-match')?.split(',') ?? [];
  return tags.some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === asset.etag);
}

/** API Gateway passes header names on as the client wrote them. */
function header(event: APIGatewayProxyEvent, name: string): string | undefined {
  const entry = Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === name);
  return entry?.[1];
}

/** Behind API Gateway the page lives under its stage (`/prod/`); without the slash its relative URLs would miss. */
function lacksSlash(event: APIGatewayProxyEvent): boolean {
  const outer = event.requestContext?.path;
  return (event.path || '/') === '/' && outer !== undefined && outer !== '' && !outer.endsWith('/');
}

function toFolder(event: APIGatewayProxyEvent): APIGatewayProxyResult {
  const folder = event.requestContext.path.split('/').at(-1);
  return { statusCode: 307, headers: { ...securityHeaders(), Location: `./${folder}/` }, body: '' };
}

function methodNotAllowed(): APIGatewayProxyResult {
  const refused = plain(405, 'Only GET and HEAD.\n');
  return { ...refused, headers: { ...refused.headers, Allow: 'GET, HEAD' } };
}

function plain(statusCode: number, body: string): APIGatewayProxyResult {
  const headers = { ...securityHeaders(), 'Content-Type': 'text/plain; charset=utf-8' };
  return { statusCode, headers, body };
}
