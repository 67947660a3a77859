import type { Problem } from '../../functions/core/generated/problem.mjs';
import { CliError, exitCodeOfStatus, exitCodes, usageError } from '../exit-codes.ts';
import { type Address, addressOf } from './address.ts';

const TRIES = 4;
/** Above the 30 seconds after which API Gateway answers in any case. */
const TIMEOUT_MS = 40_000;
const MAX_PAUSE_SECONDS = 20;
/** Faults of one problem that are shown. */
const MOST_FAULTS = 10;

export interface Call {
  method: string;
  /** From the root of the API, with the query: `/jobs?pageSize=20`. */
  path: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent unchanged, instead of a body. */
  text?: string;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

export interface Api {
  readonly address: Address;
  /** The call's answer with any status below 400. Throws a CliError with the problem's detail and remedy. */
  call(call: Call): Promise<Answer>;
  /** The same, as JSON. */
  json<T>(call: Call): Promise<T>;
  /** One try, whatever its status. */
  send(call: Call): Promise<Answer>;
}

export interface ApiOptions {
  env: NodeJS.ProcessEnv;
  /** `--api`; before BUCKET_BRIGADE_API. */
  api: string | undefined;
  sleep(ms: number): Promise<void>;
}

/** A client of the HTTP API. Each call may be sent again: those that create carry an Idempotency-Key. */
export function createApi({ env, api, sleep }: ApiOptions): Api {
  const address = addressOf(api ?? env['BUCKET_BRIGADE_API']);
  const headersFor = authorizer(address, env);

  async function send({ method, path, headers: given = {}, body, text: raw }: Call): Promise<Answer> {
    const url = new URL(address.url.pathname.replace(/\/$/, '') + path, address.url);
    const text = body === undefined ? raw : JSON.stringify(body);
    const plain = { ...(text !== undefined && { 'content-type': 'application/json' }), ...given };
    const headers = await headersFor({
      method,
      url,
      headers: plain,
      ...(text !== undefined && { body: text }),
    });
    const response = await fetch(url, {
      ...{ method, headers, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) },
      ...(text !== undefined && { body: text }),
    }).catch((error: Error) => {
      throw unreachable(address, error);
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  async function call(asked: Call): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await send(asked).catch((error: Error) => {
        const mayPass = error instanceof CliError && error.exitCode === exitCodes.failure;
        if (!mayPass || attempt === TRIES) throw error;
        return undefined;
      });
      const isTemporary = !answer || answer.status === 429 || answer.status >= 500;
      if (answer && (!isTemporary || attempt === TRIES)) return checked(answer, asked);
      const seconds = Number(answer?.headers.get('retry-after') ?? 2 ** (attempt - 1));
      await sleep(Math.min(seconds || 1, MAX_PAUSE_SECONDS) * 1000);
    }
  }

  return {
    address,
    call,
    send,
    json: async <T>(asked: Call) => {
      const { text } = await call(asked);
      try {
        return JSON.parse(text) as T;
      } catch {
        throw new CliError(
          exitCodes.failure,
          `${address.url.href} did not answer with JSON. Is it a Bucket Brigade API?`,
        );
      }
    },
  };
}

type HeadersFor = (request: import('./sign.ts').SignableRequest) => Promise<Record<string, string>>;

/** The caller's token, or else a signature; on this machine nothing, unless a key in the environment names a caller. */
function authorizer(address: Address, env: NodeJS.ProcessEnv): HeadersFor {
  const token = env['BUCKET_BRIGADE_TOKEN'];
  if (token) return async ({ headers }) => ({ ...headers, authorization: `Bearer ${token}` });
  if (address.isLocal && !env['AWS_ACCESS_KEY_ID']) return async ({ headers }) => headers;
  const region = address.region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  if (!region && !address.isLocal)
    throw usageError(`The Region of ${address.url.host} is not known: set AWS_REGION`);
  let sign: HeadersFor | undefined;
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
  return new CliError(exitCodes.failure, `${url.href} does not answer (${reason}). ${remedy}`, {
    cause: error,
  });
}

function checked(answer: Answer, { method, path }: Call): Answer {
  const { status } = answer;
  if (status < 300 || status === 304) return answer;
  if (status < 400)
    throw new CliError(
      exitCodes.failure,
      `${method} ${path} was redirected to ${answer.headers.get('location')}, and redirects are not followed. Use that address if you trust it.`,
    );
  throw new CliError(exitCodeOfStatus(status), problemText(answer, `${method} ${path}`));
}

/** What was found, each fault with its pointer, and what to do. */
function problemText({ status, text }: Answer, call: string): string {
  const problem = problemOf(text);
  if (!problem) return `${call}: ${status}${text ? `: ${text.slice(0, 500)}` : ''}${gatewayRemedy(status)}`;
  const { detail, code, errors = [], remedy, requestId } = problem;
  return [
    `${code}: ${detail}`,
    ...errors.slice(0, MOST_FAULTS).map(({ pointer, detail: fault }) => `  ${pointer || '(body)'}: ${fault}`),
    ...(errors.length > MOST_FAULTS ? [`  and ${errors.length - MOST_FAULTS} more`] : []),
    remedy,
    ...(status >= 500 ? [`Request id: ${requestId}`] : []),
  ].join('\n');
}

/** API Gateway answers without our words. */
function gatewayRemedy(status: number): string {
  if (status === 403)
    return '\nYour credentials lack execute-api:Invoke on this API, or it takes tokens (BUCKET_BRIGADE_TOKEN).';
  if (status === 401)
    return '\nThe token in BUCKET_BRIGADE_TOKEN is missing, has expired, or is for another audience.';
  return '';
}

function problemOf(text: string): Problem | undefined {
  try {
    const parsed = JSON.parse(text) as Problem;
    return typeof parsed.code === 'string' && typeof parsed.detail === 'string' ? parsed : undefined;
  } catch {
    return undefined;
  }
}
