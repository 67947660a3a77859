import { AwsError } from '../core/aws-error.ts';
import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import type { WireHandler, WireRequest, WireResponse } from '../core/wire.ts';
import type { Lambda } from '../lambda/lambda.ts';
import { httpApiEvent } from './event.ts';
import { judgeToken } from './jwt.ts';
import { iamAuthorizer } from './principal.ts';
import { gatewayMessage, internalServerError, toResponse } from './response.ts';
import { matchRoute, type Route, segmentsOf } from './routes.ts';

/** Largest body that an HTTP API accepts. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** An HTTP API with Lambda integrations, payload format 2.0. */
export function createGateway({
  routes,
  lambda,
  clock,
  random,
  log = () => {},
}: {
  routes: readonly Route[];
  lambda: Lambda;
  clock: Clock;
  random: Random;
  /** Gets a line when a function failed. The caller gets only `Internal Server Error`. */
  log?: (line: string) => void;
}): WireHandler {
  const answer = async (request: WireRequest, requestId: string): Promise<WireResponse> => {
    const segments = decodedSegments(request.path);
    if (!segments) return gatewayMessage(400, 'Bad Request');
    const match = matchRoute(routes, request.method, segments);
    if (!match) return gatewayMessage(404, 'Not Found');
    const caller = authorize(request, match.route, clock.now());
    if ('refusal' in caller) return gatewayMessage(caller.refusal, refusals[caller.refusal]);
    const body = await readBody(request);
    if (!body) return gatewayMessage(413, 'Request Entity Too Large');
    const decodedPath = `/${segments.join('/')}`;
    const timeEpoch = clock.now();
    const event = httpApiEvent({ request, match, decodedPath, body, requestId, timeEpoch, ...caller });
    const { payload, functionError } = await lambda.invoke(match.route.functionName, JSON.stringify(event));
    if (!functionError) return toResponse(payload);
    log(`${match.route.functionName}: ${payload}`);
    return internalServerError();
  };

  return async (request) => {
    const requestId = random.uuid();
    const response = await answer(request, requestId).catch((error) => refusedInvocation(error, log));
    return { ...response, headers: { ...response.headers, 'apigw-requestid': requestId } };
  };
}

const refusals = { 401: 'Unauthorized', 403: 'Forbidden' } as const;

/** What the route's authorizer passes to the function, or the status with which it refuses the request. */
function authorize(
  request: WireRequest,
  { authorizer }: Route,
  nowMs: number,
): { authorizer?: object } | { refusal: keyof typeof refusals } {
  if (authorizer === undefined) return {};
  if (authorizer === 'iam') return { authorizer: { iam: iamAuthorizer(request) } };
  const verdict = judgeToken(request, authorizer, nowMs);
  return 'refusal' in verdict ? verdict : { authorizer: { jwt: verdict } };
}

function refusedInvocation(error: unknown, log: (line: string) => void): WireResponse {
  // AWS does not document its answer to bodies between Lambda's 6 MB and API Gateway's 10 MB.
  if (error instanceof AwsError && error.status === 413)
    return gatewayMessage(413, 'Request Entity Too Large');
  log(String(error));
  return internalServerError();
}

/** Undefined when the percent-encoding is invalid. */
function decodedSegments(path: string): string[] | undefined {
  try {
    return segmentsOf(path).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** Undefined when the body is too large. It is read to its end anyway, so that the client gets the answer. */
async function readBody({ body }: WireRequest): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks);
}
