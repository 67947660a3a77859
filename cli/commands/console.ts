import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type ConsoleAnswer, createConsole, securityHeaders } from '../../console/serve.ts';
import type { Run } from '../command.ts';
import { CliError } from '../exit-codes.ts';

/** `GET /jobs/{id}` and all others of functions/core/generated/openapi.json; tools/build-cli.ts puts them in. */
declare const ROUTES: readonly string[];

/** Above the 1 MiB that a job request may have, so that the API itself says what is too large. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;
const requestHeaders = ['accept', 'content-type', 'idempotency-key', 'if-none-match', 'prefer'];
const responseHeaders =
  'content-type etag idempotency-replayed link location preference-applied retry-after'.split(' ');

/** console: serves the page on 127.0.0.1 and signs its calls to one API, until Ctrl-C. A token that is made at each start opens it, so that other users of this machine and other pages of the browser cannot. */
export const serveConsole: Run = async (context) => {
  const { api, input, terminal } = context;
  const token = randomBytes(32).toString('base64url');
  const isReadOnly = input.has('read-only');
  const { url, region } = api.address;
  const page = createConsole(join(import.meta.dirname, 'console'), {
    ...{ api: url.href.replace(/\/$/, ''), isReadOnly },
    ...(region && { region }),
  });
  let port = input.integer('port', 0) ?? 0;

  async function answer(request: IncomingMessage): Promise<ConsoleAnswer> {
    const origins = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
    const { host = '', origin, cookie = '' } = request.headers;
    if (!origins.includes(`http://${host}`)) return refuse(421, 'This Host is not served.');
    if (origin !== undefined && !origins.includes(origin)) return refuse(403, 'Foreign Origin.');
    const target = new URL(request.url ?? '/', `http://${host}`);
    const name = `bucket-brigade-${port}`;
    if (target.pathname === '/open' && isEqual(target.searchParams.get('token') ?? '', token)) {
      const held = `${name}=${token}; HttpOnly; SameSite=Strict; Path=/`;
      return { status: 303, headers: { 'set-cookie': held, location: '/console/' }, body: '' };
    }
    const [, held = ''] = new RegExp(`(?:^|; )${name}=([^;]*)`).exec(cookie) ?? [];
    if (!isEqual(held, token)) return refuse(401, 'Open the address that "bucket-brigade console" printed.');
    const file = request.method === 'GET' ? page(target.pathname) : undefined;
    return file ?? forward(request, target);
  }

  async function forward(request: IncomingMessage, { pathname, search, searchParams }: URL) {
    const { method = 'GET' } = request;
    const text = await bodyOf(request); // before any answer: a body that nobody reads breaks the connection
    if (text === undefined) return refuse(413, 'The body is larger than 2 MiB.');
    if (!routes.some((route) => route.test(`${method} ${pathname}`)))
      return refuse(404, 'This is no call of the API.');
    // A dry run is a POST that changes nothing.
    const isDryRun = pathname === '/jobs' && searchParams.getAll('dryRun').join() === 'true';
    if (isReadOnly && method !== 'GET' && !isDryRun)
      return refuse(403, 'This console was started with --read-only.');
    const headers = picked(requestHeaders, (name) => request.headers[name]);
    const sent = await api.send({ method, path: pathname + search, headers, text: text || undefined });
    const kept = picked(responseHeaders, (name) => sent.headers.get(name));
    return { status: sent.status, headers: kept, body: sent.text };
  }

  const server = createServer((request, response) => {
    const answered = answer(request).catch((error: Error) => {
      const isExpected = error instanceof CliError;
      terminal.say(isExpected ? error.message : String(error.stack));
      return refuse(isExpected ? 502 : 500, isExpected ? error.message : 'Failed');
    });
    void answered.then(({ status, headers, body }) => {
      const own = { ...securityHeaders, 'content-type': 'application/json', 'cache-control': 'no-store' };
      response.writeHead(status, { ...own, ...headers }).end(status === 304 ? undefined : body);
    });
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  port = (server.address() as AddressInfo).port;
  terminal.print(`http://127.0.0.1:${port}/open?token=${token}`);
  const mode = isReadOnly ? ' (read only)' : '';
  terminal.say(`Open this address to work with ${url.href}${mode}; Ctrl-C stops it.`);
  context.onInterrupt(() => 'Stopped.');
  return new Promise(() => {});
};

const refuse = (status: number, message: string): ConsoleAnswer => ({
  ...{ status, headers: {}, body: JSON.stringify({ message }) },
});

const isEqual = (given: string, token: string): boolean =>
  given.length === token.length && timingSafeEqual(Buffer.from(given), Buffer.from(token));

const routes = ROUTES.map(
  (route) => new RegExp(`^${route.replaceAll('.', '\\.').replace(/\{[^}]+\}/g, '[0-9a-f-]+')}$`),
);

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
