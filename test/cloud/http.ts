import { expect } from 'vitest';
import { until } from './until.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: each operation answers its own object
  readonly body: any;
}

export interface Asking {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The deployed API as somebody with a token sees it; paths are below `/api/`. */
export interface Api {
  ask(method: string, path: string, asking?: Asking): Promise<Answer>;
  /** A successful answer's body. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  get(path: string): Promise<any>;
  /** Starts a job and follows it to its end, whatever that is. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  run(path: string, body?: object): Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  follow(job: string): Promise<any>;
}

const isOver = ({ status }: { status: string }) => status === 'succeeded' || status === 'failed';

export function openApi(url: string, token?: string): Api {
  const ask = async (method: string, path: string, { body, headers = {} }: Asking = {}): Promise<Answer> => {
    const response = await fetch(`${url}/${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = text !== '' && /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : undefined,
    };
  };
  const get = async (path: string) => {
    const answer = await ask('GET', path);
    expect(answer, path).toMatchObject({ status: 200 });
    return answer.body;
  };
  const follow = async (job: string) => {
    return await until(`end of ${job}`, () => get(`jobs/${job}`), isOver);
  };
  const run = async (path: string, body: object = {}) => {
    const answer = await ask('POST', path, { body });
    expect(answer, path).toMatchObject({ status: 202 });
    return await follow(answer.body.job.id);
  };
  return { ask, get, run, follow };
}
