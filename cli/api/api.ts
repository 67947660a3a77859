import type { Problem } from '../../functions/core/generated/problem.mjs';
import { CliError, exitCodeOfStatus, exitCodes, usageError } from '../exit-codes.ts';
import { type Address, addressOf } from './address.ts';
import type { Sign } from './sign.ts';

const TRIES = 4;
/** Above the 30 seconds after which API Gateway answers in any case. */
const TIMEOUT_MS = 40_000;
const MAX_PAUSE_SECONDS = 20;
/** Faults of one problem that are shown. */
const MOST_FAULTS = 10;

export interface Call {
  /** GET unless it is given. */
  method?: string;
  /** From the root of the API, with the query: `/jobs?pageSize=20`. */
  path: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent unchanged, instead of a body. */
  text?: string | undefined;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

export type Api = ReturnType<typeof createApi>;

/** A client of the HTTP API at `--api`, or else BUCKET_BRIGADE_API. Each call may be sent again: those that create carry an Idempotency-Key. */
export function createApi(
  given: string | undefined,
  env: NodeJS.ProcessEnv,
  sleep: (ms: number) => Promise<void>,
) {
  const address = addressOf(given ?? env['BUCKET_BRIGADE_API']);
  const headersFor = authorizer(address, env);
  let mayAnswer = !address.isLocal; // a stack that never answered is not started, one that did may restart

  /** One try, whatever its status. */
  async function send({ method = 'GET', path, headers: own, body, text: raw }: Call): Promise<Answer> {
    const url = new URL(address.url.pathname.replace(/\/$/, '') + path, address.url);
    const text = body === undefined ? raw : JSON.stringify(body);
    const plain = { ...(text !== undefined && { 'content-type': 'application/json' }), ...own };
    const headers = await headersFor({ method, url, headers: plain, body: text });
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const request = { method, headers, body: text ?? null, redirect: 'manual', signal } as const;
    const response = await fetch(url, request).catch((error: Error) => {
      throw unreachable(address, error);
    });
    mayAnswer = true;
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** The answer with any status below 400. Throws a CliError with the problem's detail and remedy. */
  async function call(asked: Call): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await send(asked).catch((error: Error) => {
        const mayPass = mayAnswer && error instanceof CliError && error.exitCode === exitCodes.failure;
        if (!mayPass || attempt === TRIES) throw error;
        return undefined;
      });
      const isTemporary = !answer || answer.status === 429 || answer.status >= 500;
      if (answer && (!isTemporary || attempt === TRIES)) return checked(answer, asked);
      const seconds = Number(answer?.headers.get('retry-after') ?? 2 ** (attempt - 1));
      await sleep(Math.min(seconds || 1, MAX_PAUSE_SECONDS) * 1000);
    }
  }

  async function json<T>(asked: Call): Promise<T> {
    const { text } = await call(asked);
    try {
      return JSON.parse(text) as T;
    } catch {
      const detail = `${address.url.href} did not answer with JSON. Is it a Bucket Brigade API?`;
      throw new CliError(exitCodes.failure, detail);
    }
  }

  return { address, call, send, json };
}

/** The caller's token, or else a signature; on this machine nothing, unless a key in the environment names a caller. */
function authorizer(address: Address, env: NodeJS.ProcessEnv): Sign {
  const token = env['BUCKET_BRIGADE_TOKEN'];
  if (token) return async ({ headers }) => ({ ...headers, authorization: `Bearer ${token}` });
  if (address.isLocal && !env['AWS_ACCESS_KEY_ID']) return async ({ headers }) => headers;
  const region = address.region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  if (!region && !address.isLocal)
    throw usageError(`The Region of ${address.url.host} is not known: set AWS_REGION`);
  let sign: Sign | undefined;
  return async (request) => {
    sign ??= (await import('./sign.ts')).signer('execute-api', region ?? 'us-east-1');
    return sign(request);
  };
}

function unreachable({ url, isLocal }: Address, error: Error): CliError {
  const { cause } = error as { cause?: NodeJS.ErrnoException };
  const reason = cause?.code ?? cause?.message ?? error.message;
  const remedy = isLocal
    ? 'Start the local stack with "npm start", or name a deployed API with --api URL.'
    : 'Check the address and your network.';
  const detail = `${url.href} does not answer (${reason}). ${remedy}`;
  return new CliError(exitCodes.failure, detail, { cause: error });
}

function checked(answer: Answer, { method = 'GET', path }: Call): Answer {
  const { status, headers } = answer;
  if (status < 300 || status === 304) return answer;
  if (status >= 400) throw new CliError(exitCodeOfStatus(status), problemText(answer, `${method} ${path}`));
  const detail = `${method} ${path} was redirected to ${headers.get('location')}, and redirects are not followed. Use that address if you trust it.`;
  throw new CliError(exitCodes.failure, detail);
}

/** API Gateway answers without our words. */
const gatewayRemedies: Record<number, string> = {
  401: '\nThe token in BUCKET_BRIGADE_TOKEN is missing, has expired, or is for another audience.',
  403: '\nYour credentials lack execute-api:Invoke on this API, or it takes tokens (BUCKET_BRIGADE_TOKEN).',
};

/** What was found, each fault with its pointer, and what to do. */
function problemText({ status, text }: Answer, call: string): string {
  const problem = problemOf(text);
  if (!problem)
    return `${call}: ${status}${text ? `: ${text.slice(0, 500)}` : ''}${gatewayRemedies[status] ?? ''}`;
  const { detail, code, errors = [], remedy, requestId } = problem;
  return [
    `${code}: ${detail}`,
    ...errors.slice(0, MOST_FAULTS).map(({ pointer, detail: fault }) => `  ${pointer || '(body)'}: ${fault}`),
    ...(errors.length > MOST_FAULTS ? [`  and ${errors.length - MOST_FAULTS} more`] : []),
    remedy,
    ...(status >= 500 ? [`Request id: ${requestId}`] : []),
  ].join('\n');
}

/** The API's own error; undefined for what API Gateway or another server answered. */
export function problemOf(text: string): Problem | undefined {
  try {
    const parsed = JSON.parse(text) as Problem;
    return typeof parsed.code === 'string' && typeof parsed.detail === 'string' ? parsed : undefined;
  } catch {
    return undefined;
  }
}
