import { ACCOUNT_ID } from '../core/account.ts';
import type { WireRequest } from '../core/wire.ts';
import type { RouteMatch } from './routes.ts';

/** API Gateway passes these types as text and everything else, also a body without a type, as base64. */
const TEXT_TYPES = /^\s*(?:text\/[^;]*|application\/(?:json|xml|javascript))\s*(?:;|$)/i;

export interface EventSource {
  request: WireRequest;
  match: RouteMatch;
  /** The percent-decoded path, as HTTP APIs pass it on. */
  decodedPath: string;
  body: Buffer;
  requestId: string;
  /** Milliseconds since the epoch. */
  timeEpoch: number;
  /** What the authorizer says about the caller. */
  authorizer?: object;
}

/** The event of payload format 2.0 that a function behind an HTTP API gets for one request. */
export function httpApiEvent(source: EventSource) {
  const { request, match, decodedPath, body, requestId, timeEpoch, authorizer } = source;
  const { route, pathParameters } = match;
  const { cookie, ...headers } = request.headers;
  const host = headers['host'] ?? 'localhost';
  const query = queryStringParameters(request.query);
  const isBase64Encoded = body.length > 0 && !TEXT_TYPES.test(headers['content-type'] ?? '');
  const routeKey = `${route.method} ${route.path}`;
  return {
    version: '2.0',
    routeKey,
    rawPath: decodedPath,
    rawQueryString: request.query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/;\s*/) }),
    headers: { ...headers, 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' },
    ...(query === undefined ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: ACCOUNT_ID,
      apiId: 'local',
      ...(authorizer && { authorizer }),
      domainName: host,
      domainPrefix: host.split('.')[0],
      http: {
        method: request.method,
        path: decodedPath,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey,
      stage: '$default',
      time: commonLogTime(timeEpoch),
      timeEpoch,
    },
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters }),
    ...(body.length === 0 ? {} : { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  };
}

/** Decoded. The values of a repeated name are joined by commas. */
function queryStringParameters(query: string): Record<string, string> | undefined {
  if (query === '') return undefined;
  const parameters = new URLSearchParams(query);
  return Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name).join(',')]));
}

/** `12/Mar/2026:19:03:58 +0000`. */
function commonLogTime(timeEpoch: number): string {
  const [, day, month, year, time] = new Date(timeEpoch).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
