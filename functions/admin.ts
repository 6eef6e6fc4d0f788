import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { PageAsset, PageAssets } from './admin/assets.ts';

export type AdminHandler = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const SECURITY_HEADERS = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** Serves the admin page: a handful of static files, revalidated by entity tag so that an update shows at once. */
export function createAdminHandler(assets: PageAssets): AdminHandler {
  return async (event) => {
    if (event.httpMethod !== 'GET' && event.httpMethod !== 'HEAD') return methodNotAllowed();
    if (lacksSlash(event)) return toFolder(event);
    const asset = assets.get(event.path || '/');
    if (!asset) return plain(404, 'Not found.\n');
    return isCurrent(event, asset) ? notModified(asset) : whole(asset, event.httpMethod === 'HEAD');
  };
}

function whole(asset: PageAsset, headOnly: boolean): APIGatewayProxyResult {
  return {
    statusCode: 200,
    headers: assetHeaders(asset),
    body: headOnly ? '' : asset.body.toString('utf8'),
  };
}

function notModified(asset: PageAsset): APIGatewayProxyResult {
  return { statusCode: 304, headers: assetHeaders(asset), body: '' };
}

function assetHeaders(asset: PageAsset): Record<string, string> {
  return {
    ...SECURITY_HEADERS,
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
  return { statusCode: 307, headers: { ...SECURITY_HEADERS, Location: `./${folder}/` }, body: '' };
}

function methodNotAllowed(): APIGatewayProxyResult {
  const refused = plain(405, 'Only GET and HEAD.\n');
  return { ...refused, headers: { ...refused.headers, Allow: 'GET, HEAD' } };
}

function plain(statusCode: number, body: string): APIGatewayProxyResult {
  const headers = { ...SECURITY_HEADERS, 'Content-Type': 'text/plain; charset=utf-8' };
  return { statusCode, headers, body };
}
