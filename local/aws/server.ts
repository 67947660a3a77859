import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ConnectionLost } from '../core/aws-error.ts';
import type { WireHandler, WireRequest, WireResponse } from '../core/wire.ts';

export interface RunningServer {
  port: number;
  /** Ends all connections. */
  close(): Promise<void>;
}

export interface ServerOptions {
  handle: WireHandler;
  /** 0 means a free one. */
  port?: number;
  log?: (line: string) => void;
  /** Time for the headers of a request. Default: 20 s. */
  headersTimeoutMs?: number;
}

/** Long enough for a slow upload, short enough to end a dead one. */
const IDLE_TIMEOUT_MS = 120_000;
/** Longer than SDK clients keep a connection idle, so that the client closes it first. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** Without a limit of its own, Node.js gives headers as long as whole requests, which have no limit here. */
const HEADERS_TIMEOUT_MS = 20_000;
const MAX_HEADER_BYTES = 32 * 1024;
const FREE_PORT_ATTEMPTS = 10;
const JSON_TYPE = { 'content-type': 'application/json' };

/** Listens on 127.0.0.1 and, if the machine has it, on ::1 only. Rejects when the port is in use. */
export async function startServer({
  handle,
  port = 0,
  log = console.error,
  headersTimeoutMs = HEADERS_TIMEOUT_MS,
}: ServerOptions): Promise<RunningServer> {
  const makeServer = () => {
    // No time limit for a whole request: an upload may take any time while bytes keep coming.
    const limits = {
      maxHeaderSize: MAX_HEADER_BYTES,
      requestTimeout: 0,
      headersTimeout: headersTimeoutMs,
      connectionsCheckingInterval: headersTimeoutMs / 4,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    };
    const server = createServer(limits, (request, response) => {
      respond(handle, request, response).catch((error: unknown) => {
        const isForeseen = response.destroyed || error instanceof ConnectionLost;
        if (!isForeseen) log(`${request.method} ${request.url}: ${error}`);
        if (isForeseen || response.headersSent) response.destroy();
        else response.writeHead(500, JSON_TYPE).end('{"message":"Internal Server Error"}');
      });
    });
    server.setTimeout(IDLE_TIMEOUT_MS);
    return server;
  };
  const servers = await listenOnLoopback(port, makeServer);
  return {
    port: portOf(servers[0] as Server),
    close: async () => {
      await Promise.all(servers.map(closeServer));
    },
  };
}

/** A free port may be in use on the other loopback address. Then another one is tried. */
async function listenOnLoopback(port: number, makeServer: () => Server): Promise<Server[]> {
  for (let attempt = 1; ; attempt++) {
    const first = await listen(makeServer(), '127.0.0.1', port);
    try {
      return [first, await listen(makeServer(), '::1', portOf(first))];
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return [first];
      await closeServer(first);
      if (port !== 0 || code !== 'EADDRINUSE' || attempt === FREE_PORT_ATTEMPTS) throw error;
    }
  }
}

const listen = (server: Server, host: string, port: number) =>
  new Promise<Server>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, ipv6Only: isIPv6(host) }, () => resolve(server));
  });

const portOf = (server: Server) => (server.address() as AddressInfo).port;

const closeServer = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

async function respond(handle: WireHandler, incoming: IncomingMessage, outgoing: ServerResponse) {
  const request = toWire(incoming);
  const refused = refusal(request, authorityOf(incoming.url ?? ''));
  const { status, headers, cookies, body } = refused ?? (await handle(request));
  outgoing.writeHead(status, cookies ? { ...headers, 'set-cookie': [...cookies] } : headers);
  if (body === undefined || incoming.method === 'HEAD') outgoing.end();
  else if (typeof body === 'string' || body instanceof Uint8Array) outgoing.end(body);
  else await pipeline(Readable.from(body, { objectMode: false }), outgoing);
}

/** Host of an absolute-form target (`GET http://host/path`), which clients send to a proxy. */
const authorityOf = (target: string) => /^[a-z]+:\/\/([^/?]*)/i.exec(target)?.[1];

function toWire(incoming: IncomingMessage): WireRequest {
  const target = (incoming.url ?? '/').replace(/^[a-z]+:\/\/[^/?]*/i, '');
  const at = target.indexOf('?');
  const path = at < 0 ? target : target.slice(0, at);
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, [value].flat().join(', ')]);
  return {
    method: incoming.method ?? 'GET',
    path: path.startsWith('/') ? path : `/${path}`,
    query: at < 0 ? '' : target.slice(at + 1),
    headers: Object.fromEntries(headers),
    body: incoming,
  };
}

/**
 * Refuses web pages: requests from a page of another origin, with or without a script, and DNS rebinding of a page's
 * host name. To a browser, every port of this machine is the same site.
 */
function refusal(request: WireRequest, authority: string | undefined): WireResponse | undefined {
  const reason = refusedPage(request) ?? refusedHost(request.headers['host'], authority);
  return reason === undefined
    ? undefined
    : { status: 403, headers: { 'content-type': 'text/plain' }, body: `Forbidden: ${reason}.\n` };
}

function refusedPage({ method, path, headers }: WireRequest): string | undefined {
  const { origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = headers;
  if (origin !== undefined && !isLoopback(origin.replace(/^https?:\/\//i, '')))
    return `pages of ${origin} may not call this service; only local tools may`;
  // A link of another page may open the console in a tab of its own: its files change nothing and hold no data.
  const opensConsole = method === 'GET' && mode === 'navigate' && destination === 'document';
  if (opensConsole && /^\/console(?:\/|$)/.test(path)) return undefined;
  if (site === 'cross-site' || site === 'same-site')
    return 'pages of another origin may not call this service; only local tools may';
  return undefined;
}

function refusedHost(host: string | undefined, authority: string | undefined): string | undefined {
  const hosts = [host, authority].filter((each) => each !== undefined);
  const isAllowed = (each: string) => isLocal(each) || (authority !== undefined && isProxied(each));
  return hosts.every(isAllowed)
    ? undefined
    : `the host ${hosts.join(', ')} is not this machine's; use localhost, 127.0.0.1 or [::1]`;
}

const isLoopback = (host: string) => /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(host);

/** Loopback names, and the names that clients prefix with a bucket or an account id. */
const isLocal = (host: string) => isLoopback(host) || /^[a-z0-9._-]+\.localhost(?::\d+)?$/i.test(host);

/**
 * Names that S3 Control clients give to a proxy. Elsewhere they are refused: on a local network another machine can
 * answer for a name below `.local`.
 */
const isProxied = (host: string) => /^(?:[a-z0-9-]+\.)?s3control\.local(?::\d+)?$/i.test(host);
