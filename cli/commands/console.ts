import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createConsole, securityHeaders } from '../../console/serve.ts';
import type { Context } from '../command.ts';
import { CliError, type ExitCode } from '../exit-codes.ts';

/** `GET /jobs/{id}` and all others of functions/core/generated/openapi.json; tools/build-cli.ts puts them in. */
declare const ROUTES: readonly string[];

/** Above the 1 MiB that a job request may have, so that the API itself says what is too large. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;
const requestHeaders = ['accept', 'content-type', 'idempotency-key', 'if-none-match', 'prefer'];
const responseHeaders = [
  ...[
    'content-type',
    'etag',
    'idempotency-replayed',
    'link',
    'location',
    'preference-applied',
    'retry-after',
  ],
];

/**
 * console: serves the page on 127.0.0.1 and signs its calls to one API, until Ctrl-C. A token that is made at each
 * start opens it, so that other users of this machine and other pages of the browser cannot.
 */
export async function run(context: Context): Promise<ExitCode> {
  const { api, input, terminal } = context;
  const token = randomBytes(32).toString('base64url');
  const isReadOnly = input.has('read-only');
  const { url, region } = api.address;
  const page = createConsole(join(import.meta.dirname, 'console'), {
    ...{ api: url.href.replace(/\/$/, ''), isReadOnly },
    ...(region && { region }),
  });
  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => {
      const status = error instanceof CliError ? 502 : 500;
      terminal.say(error instanceof CliError ? error.message : String(error.stack));
      send(
        response,
        status,
        JSON.stringify({ message: error instanceof CliError ? error.message : 'Failed' }),
      );
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { port } = server.address() as AddressInfo;
    const origins = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
    const { host = '', origin, cookie } = request.headers;
    if (!origins.includes(`http://${host}`)) return send(response, 421, refusal('This Host is not served.'));
    if (origin !== undefined && !origins.includes(origin))
      return send(response, 403, refusal('Foreign Origin.'));
    const target = new URL(request.url ?? '/', `http://${host}`);
    const name = `bucket-brigade-${port}`;
    if (target.pathname === '/open' && isEqual(target.searchParams.get('token') ?? '', token))
      return send(response, 303, '', {
        'set-cookie': `${name}=${token}; HttpOnly; SameSite=Strict; Path=/`,
        location: '/console/',
      });
    const [, held = ''] = new RegExp(`(?:^|; )${name}=([^;]*)`).exec(cookie ?? '') ?? [];
    if (!isEqual(held, token))
      return send(response, 401, refusal('Open the address that "bucket-brigade console" printed.'));
    const file = request.method === 'GET' ? page(target.pathname) : undefined;
    if (file) return send(response, file.status, file.body, file.headers);
    return forward(request, response, target);
  }

  async function forward(request: IncomingMessage, response: ServerResponse, target: URL): Promise<void> {
    const { method = 'GET' } = request;
    const text = await bodyOf(request); // before any answer: a body that nobody reads breaks the connection
    if (text === undefined) return send(response, 413, refusal('The body is larger than 2 MiB.'));
    if (!isRoute(method, target.pathname)) return send(response, 404, refusal('This is no call of the API.'));
    if (isReadOnly && changes(method, target))
      return send(response, 403, refusal('This console was started with --read-only.'));
    const sent = await api.send({
      ...{
        method,
        path: target.pathname + target.search,
        headers: picked(requestHeaders, (name) => request.headers[name]),
      },
      ...(text && { text }),
    });
    send(
      response,
      sent.status,
      sent.text,
      picked(responseHeaders, (name) => sent.headers.get(name)),
    );
  }

  await new Promise<void>((done, fail) => {
    server.once('error', fail).listen(input.integer('port', 0) ?? 0, '127.0.0.1', done);
  });
  const { port } = server.address() as AddressInfo;
  terminal.print(`http://127.0.0.1:${port}/open?token=${token}`);
  terminal.say(
    `Open this address to work with ${url.href}${isReadOnly ? ' (read only)' : ''}; Ctrl-C stops it.`,
  );
  context.onInterrupt(() => 'Stopped.');
  return new Promise(() => {});
}

const refusal = (message: string) => JSON.stringify({ message });

const isEqual = (given: string, token: string): boolean =>
  given.length === token.length && timingSafeEqual(Buffer.from(given), Buffer.from(token));

/** A dry run is a POST that changes nothing. */
const changes = (method: string, { pathname, searchParams }: URL): boolean =>
  method !== 'GET' && !(pathname === '/jobs' && searchParams.getAll('dryRun').join() === 'true');

const patterns = ROUTES.map(
  (route) => new RegExp(`^${route.replaceAll('.', '\\.').replace(/\{[^}]+\}/g, '[0-9a-f-]+')}$`),
);

const isRoute = (method: string, path: string): boolean =>
  patterns.some((pattern) => pattern.test(`${method} ${path}`));

const picked = (names: readonly string[], value: (name: string) => unknown): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const found = value(name);
      return typeof found === 'string' ? [[name, found]] : [];
    }),
  );

/** Undefined when it is too large; it is read to its end all the same, so that the answer arrives. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks).toString('utf8') : undefined;
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    ...securityHeaders,
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(status === 304 ? undefined : body);
}
