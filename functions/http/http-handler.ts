import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { env } from '../core/env.ts';
import { catalogue, KnownError } from '../core/errors.ts';
import { logger } from '../core/logger.ts';
import { type Caller, callerNameOf } from '../domain/request/tenant.ts';
import { bodyOf } from './json-body.ts';
import { problemResponse } from './problem-response.ts';

export interface HttpRequest {
  method: string;
  /** As in serverless.yml: `GET /jobs/{id}`. */
  route: string;
  requestId: string;
  /** When API Gateway received the request, in milliseconds since the epoch. */
  timeMs: number;
  caller: Caller;
  /** The caller's ARN or token subject, if this function records callers. */
  callerName: string | undefined;
  /** Names in lower case. */
  headers: Record<string, string | undefined>;
  /** The `{id}` of the path, or `""`. */
  id: string;
  query: Record<string, string | undefined>;
  /** Milliseconds until Lambda ends the invocation. */
  remainingMs(): number;
  /** The parsed body; `whenNone` if it is empty. Throws InvalidJson, BodyTooLarge, UnsupportedMediaType. */
  json(whenNone?: unknown): unknown;
}

export interface HttpAnswer {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent unchanged instead of `body`, with its own content-type. */
  text?: string;
}

/** The caller, from an IAM or a JWT authorizer. The package has no type for both. */
interface Authorizer {
  iam?: { userArn?: string };
  jwt?: { claims?: Record<string, unknown> };
}

function requestOf(event: APIGatewayProxyEventV2, context: Context): HttpRequest {
  const { requestContext } = event;
  const { iam, jwt } = (requestContext as { authorizer?: Authorizer }).authorizer ?? {};
  const caller = {
    ...(iam?.userArn && { userArn: iam.userArn }),
    ...(jwt?.claims && { claims: jwt.claims }),
  };
  return {
    method: requestContext.http.method,
    route: event.routeKey,
    requestId: requestContext.requestId,
    timeMs: requestContext.timeEpoch,
    caller,
    callerName: env.recordsCallers() ? callerNameOf(caller) : undefined,
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

/** Answers errors of the catalogue as problems, and other errors as InternalError. Logs both. */
const answerProblems: middy.MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> = {
  onError(request) {
    const { error, event } = request;
    if (error instanceof KnownError)
      logger.info('request refused', {
        code: error.name,
        status: catalogue[error.name].status,
        route: event.routeKey,
      });
    else logger.error('unexpected error', error as Error);
    request.response = problemResponse(error, event.requestContext.requestId);
  },
};

/** The chain of every HTTP function: logger context, HttpRequest, answer or problem+json. */
export const httpHandler = (answer: (request: HttpRequest) => Promise<HttpAnswer>) =>
  middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Error, Context>()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(answerProblems)
    .handler(async (event, context) => {
      const request = requestOf(event, context);
      if (request.callerName) logger.appendKeys({ caller: request.callerName });
      return responseOf(await answer(request));
    });
