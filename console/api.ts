/** Calls of the API, from the page's own origin. */
import type { Problem } from '../functions/core/generated/problem.mjs';
import type { ConsoleSettings } from './serve.ts';

/** A call that was refused, or found nobody. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly status: number;
  readonly problem: Problem | undefined;

  constructor(message: string, status: number, problem?: Problem) {
    super(message);
    this.status = status;
    this.problem = problem;
  }
}

export interface Asked {
  method?: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  signal?: AbortSignal;
}

/** The answer with a status below 400. Throws a CallError. */
export async function send(
  path: string,
  { method = 'GET', headers, body, signal }: Asked = {},
): Promise<Response> {
  const response = await fetch(path, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch((error: Error) => {
    if (error.name === 'AbortError') throw error;
    throw new CallError('The API does not answer.', 0);
  });
  if (response.ok || response.status === 304) return response;
  const problem = (await response.json().catch(() => undefined)) as
    | (Problem & { message?: string })
    | undefined;
  throw new CallError(
    problem?.detail ?? problem?.message ?? `HTTP ${response.status}`,
    response.status,
    problem,
  );
}

export const get = async <T>(path: string, asked?: Asked): Promise<T> =>
  (await send(path, asked)).json() as Promise<T>;

export const post = <T>(path: string, body?: unknown, headers?: Record<string, string>): Promise<T> =>
  get<T>(path, { method: 'POST', ...(body !== undefined && { body }), ...(headers && { headers }) });

export const settings = await get<ConsoleSettings>('/console/settings.json');
