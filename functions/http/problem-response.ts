import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { catalogue, KnownError } from '../core/errors.ts';
import type { Problem } from '../core/generated/problem.mjs';

const RETRY_AFTER_SECONDS = 5;

/** An error as application/problem+json (RFC 9457). An error outside the catalogue becomes InternalError. */
export function problemResponse(error: unknown, requestId: string): APIGatewayProxyStructuredResultV2 {
  const known =
    error instanceof KnownError
      ? error
      : new KnownError('InternalError', 'An unexpected error occurred; it is logged under the requestId.');
  const { status, title, remedy } = catalogue[known.name];
  const retryAfter = known.retryAfterSeconds ?? (status === 503 ? RETRY_AFTER_SECONDS : undefined);
  const problem: Problem = {
    type: `urn:bucket-brigade:problem:${known.name}`,
    title,
    status,
    detail: known.message,
    code: known.name,
    remedy,
    ...(known.faults.length > 0 && { errors: [...known.faults] }),
    requestId,
  };
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    },
    body: JSON.stringify(problem),
  };
}
