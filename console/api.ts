/** Calls of the API, from the page's own origin. */
import type { Problem } from '../functions/core/generated/problem.mjs';
import type { ConsoleSettings } from './serve.ts';

/** A call that was refused, or got no answer. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly problem: Problem | undefined;

  constructor(message: string, problem?: Problem) {
    super(message);
    this.problem = problem;
  }
}

/** The body is sent as JSON. */
export type Asked = Pick<RequestInit, 'method' | 'headers' | 'signal'> & { body?: unknown };

/** The answer with a status below 400. Throws a CallError. */
export async function send(path: string, { headers, body, ...rest }: Asked = {}): Promise<Response> {
  const response = await fetch(path, {
    ...rest,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((error: Error) => {
    throw error.name === 'AbortError' ? error : new CallError('The API does not answer.');
  });
  if (response.ok || response.status === 304) return response;
  const problem = (await response.json().catch(() => ({}))) as Problem & { message?: string };
  throw new CallError(problem.detail ?? problem.message ?? `HTTP ${response.status}`, problem);
}

export const get = async <T>(path: string, asked?: Asked): Promise<T> =>
  (await send(path, asked)).json() as Promise<T>;

export const post = <T>(path: string, body?: unknown, headers?: Record<string, string>): Promise<T> =>
  get<T>(path, { method: 'POST', body, ...(headers && { headers }) });

export const settings = await get<ConsoleSettings>('/console/settings.json');
