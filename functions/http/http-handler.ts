import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { KnownError } from '../core/errors.ts';
import { logger } from '../core/logger.ts';
import type { Caller } from '../domain/request/tenant.ts';
import { bodyOf } from './json-body.ts';
import { problemResponse } from './problem-response.ts';

export interface HttpRequest {
  method: string;
  /** As in serverless.yml: `GET /jobs/{id}`. */
  route: string;
  requestId: string;
  /** Milliseconds since the epoch, when API Gateway took the request. */
  timeMs: number;
  caller: Caller;
  /** Names in lower case. */
  headers: Record<string, string | undefined>;
  /** The `{id}` of the path, or `""`. */
  id: string;
  query: Record<string, string | undefined>;
  /** Until Lambda ends the invocation. */
  remainingMs(): number;
  /** The body as JSON; `whenNone` when there is none. Throws InvalidJson, BodyTooLarge, UnsupportedMediaType. */
  json(whenNone?: unknown): unknown;
}

export interface HttpAnswer {
  status: number;
  headers?: Record<string, string>;
  /** Goes out as JSON. */
  body?: unknown;
  /** In the place of a body: goes out as it is, with a content-type of its own. */
  text?: string;
}

/** IAM and JWT authorizers put the caller here; the types of the package know each apart only. */
interface Authorizer {
  iam?: { userArn?: string };
  jwt?: { claims?: Record<string, unknown> };
}

function requestOf(event: APIGatewayProxyEventV2, context: Context): HttpRequest {
  const { requestContext } = event;
  const { iam, jwt } = (requestContext as { authorizer?: Authorizer }).authorizer ?? {};
  return {
    method: requestContext.http.method,
    route: event.routeKey,
    requestId: requestContext.requestId,
    timeMs: requestContext.timeEpoch,
    caller: { ...(iam?.userArn && { userArn: iam.userArn }), ...(jwt?.claims && { claims: jwt.claims }) },
    headers: event.headers,
    id: event.pathParameters?.['id'] ?? '',
    query: event.queryStringParameters ?? {},
    remainingMs: () => context.getRemainingTimeInMillis(),
    json: (whenNone) => bodyOf(event, whenNone),
  };
}

const responseOf = ({ status, headers, body, text }: HttpAnswer): APIGatewayProxyStructuredResultV2 => ({
  statusCode: status,
  headers: { 'content-type': 'application/json', ...headers },
  body: text ?? JSON.stringify(body),
});

/** Unexpected errors are logged whole and answered blank; the rows of the catalogue are answered as they are. */
const answerProblems: middy.MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> = {
  onError(request) {
    const { error, event } = request;
    if (!(error instanceof KnownError)) logger.error('unexpected error', error as Error);
    request.response = problemResponse(error, event.requestContext.requestId);
  },
};

/** The one chain of every HTTP function: logger context, request in our words, answer or problem+json. */
export const httpHandler = (answer: (request: HttpRequest) => Promise<HttpAnswer>) =>
  middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Error, Context>()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(answerProblems)
    .handler(async (event, context) => responseOf(await answer(requestOf(event, context))));
