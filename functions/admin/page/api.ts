import { ApiError } from './fault.ts';
import { accessToken } from './sign-in/issuer.ts';
import { keep } from './sign-in/tokens.ts';
import type {
  BackupDetail,
  BackupPage,
  Database,
  DownloadUrl,
  Form,
  Job,
  Me,
  PrunePolicy,
  PruneResult,
  RestoreRequest,
} from './types.ts';

const TIMEOUT_MS = 30_000;
const encode = encodeURIComponent;

/** The API on the page's own origin. Every call throws an `ApiError` when it fails. */
export const api = {
  me: () => get<Me>('me'),
  databases: () => get<{ databases: readonly Database[] }>('databases'),
  backups: (query: { database?: string; limit?: number; cursor?: string }) =>
    get<BackupPage>(`backups${search(query)}`),
  backup: (id: string) => get<BackupDetail>(`backups/${encode(id)}`),
  jobs: (limit: number) => get<{ jobs: readonly Job[] }>(`jobs${search({ limit })}`),
  downloadUrl: (id: string, form: Form) =>
    get<DownloadUrl>(`backups/${encode(id)}/download-url${search({ form })}`),
  startBackup: (database: string) => post<{ job: Job }>('backups', { database }),
  verify: (id: string) => post<{ job: Job }>(`backups/${encode(id)}/verify`),
  restore: (request: RestoreRequest) => post<{ job: Job }>('restores', request),
  remove: (id: string, force: boolean) =>
    request<void>('DELETE', `backups/${encode(id)}${search(force ? { force } : {})}`),
  prune: (database: string, policy: PrunePolicy, dryRun: boolean) =>
    post<PruneResult>('prune', { database, ...policy, dryRun }),
};

function get<T>(path: string): Promise<T> {
  return request<T>('GET', path);
}

function post<T>(path: string, body?: object): Promise<T> {
  return request<T>('POST', path, body);
}

async function request<T>(method: string, path: string, body?: object): Promise<T> {
  const response = await send(method, path, body);
  if (!response.ok) throw await refusal(response);
  return (response.status === 204 ? undefined : await readJson(response)) as T;
}

/** Relative to the page, which may live under a stage of API Gateway (`/prod/`). */
async function send(method: string, path: string, body?: object): Promise<Response> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const token = await accessToken();
    const headers = {
      accept: 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    };
    const text = body === undefined ? null : JSON.stringify(body);
    return await fetch(`api/${path}`, { method, headers, body: text, signal, cache: 'no-store' });
  } catch (cause) {
    throw new ApiError('NETWORK', cause instanceof Error ? cause.message : String(cause));
  }
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new ApiError('UNEXPECTED', `HTTP ${response.status}: the answer is not JSON.`);
  }
}

interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** Problem details (RFC 9457) as an error; a gateway in between may answer something else. */
async function refusal(response: Response): Promise<ApiError> {
  if (response.status === 401) keep(null);
  const problem = (await response.json().catch(() => ({}))) as Problem;
  const fields = (problem.errors ?? []).map(({ path, message }) => `${path} ${message}`.trim());
  const message = [problem.detail, ...fields].filter(Boolean).join(' ') || `HTTP ${response.status}`;
  return new ApiError(problem.code ?? codeOf(response.status), message, problem.hint ?? null);
}

function codeOf(status: number): string {
  if (status === 401) return 'SIGNED_OUT';
  return status === 403 ? 'FORBIDDEN' : 'UNEXPECTED';
}

function search(query: Record<string, string | number | boolean | undefined>): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = pairs.map(([key, value]) => `${key}=${encode(String(value))}`).join('&');
  return text && `?${text}`;
}
