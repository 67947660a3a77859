/** Every error that a caller or the state machine can act on. docs/errors.md has the same rows. */
export const catalogue = {
  InvalidJson: {
    status: 400,
    title: 'The body is not JSON',
    remedy: 'Send one JSON object in UTF-8.',
  },
  InvalidQuery: {
    status: 400,
    title: 'A query parameter is not valid',
    remedy: 'Correct the parameter that `errors` names.',
  },
  NotAllowed: {
    status: 403,
    title: 'This deployment does not allow the request',
    remedy: 'Use only what this deployment allows, or ask its operator to extend the allow-lists.',
  },
  JobRequestNotFound: {
    status: 404,
    title: 'The job request does not exist',
    remedy: 'Check the id. A job request is kept for 90 days after it ends, and only its owner can read it.',
  },
  NotPossibleNow: {
    status: 409,
    title: "The job's status does not allow this call",
    remedy: 'Read the job with `GET /jobs/{id}`: its `status` and `links` show which calls are possible now.',
  },
  BodyTooLarge: {
    status: 413,
    title: 'The body is too large',
    remedy: 'Send at most 1 MiB. Store a long list of objects as a manifest in S3.',
  },
  UnsupportedMediaType: {
    status: 415,
    title: 'The `Content-Type` is not JSON',
    remedy: 'Send the header `Content-Type: application/json`.',
  },
  InvalidRequest: {
    status: 422,
    title: 'The body is not valid',
    remedy: 'Correct the members that `errors` names, and send the request again.',
  },
  IdempotencyKeyReused: {
    status: 422,
    title: 'The idempotency key belongs to another request',
    remedy: 'Send the original body to get the original job request, or use a new key for a new one.',
  },
  InvalidIdempotencyKey: {
    status: 400,
    title: 'The `Idempotency-Key` header is not valid',
    remedy: 'Send 1 to 255 printable ASCII characters, for example a UUID.',
  },
  ChecksFailed: {
    status: 422,
    title: 'The checks found errors',
    remedy:
      'Fix what `errors` names, and send the request again. `POST /jobs?dryRun=true` returns all findings.',
  },
  DryRunOutdated: {
    status: 409,
    title: 'The request no longer matches the dry run',
    remedy: 'Repeat the dry run with `dryRun=true`, review the answer, and send its `dryRunId`.',
  },
  ManifestNotReadable: {
    status: 422,
    title: 'The manifest cannot be read',
    remedy:
      'Check the bucket, key and version in `Manifest.Location`, and that this deployment may read the object.',
  },
  RequestRefused: {
    status: 422,
    title: 'S3 Batch Operations refused the request',
    remedy: 'Correct what `detail` names. S3 refuses the same request again.',
  },
  JobNotFound: {
    status: 404,
    title: 'S3 Batch Operations does not have the job',
    remedy: 'S3 deletes a job 90 days after it ends. A new job can take a moment to appear: repeat the call.',
  },
  ReportNotReady: {
    status: 409,
    title: 'The completion report has not been written yet',
    remedy:
      'S3 writes the report shortly after the job has ended. Repeat the call after the seconds in `Retry-After`.',
  },
  NoReport: {
    status: 409,
    title: 'The job has no completion report',
    remedy:
      'Read the counts with `GET /jobs/{id}`. S3 writes a report only if `Report` is enabled and at least one task ran.',
  },
  ReportNotReadable: {
    status: 409,
    title: 'The completion report cannot be read',
    remedy:
      'Allow this deployment to read the report bucket (`reportBuckets`), or read the report at the location in `GET /jobs/{id}`.',
  },
  ReportHasFailuresOnly: {
    status: 409,
    title: 'The completion report lists only the failed tasks',
    remedy:
      'Run `Failed` rows only. To read or run other rows of later jobs, keep the default `Report.ReportScope`, `AllTasks`.',
  },
  NothingToRetry: {
    status: 409,
    title: 'No row can be run',
    remedy:
      'Read the rows with `GET /jobs/{id}/results` and the error codes with `GET /jobs/{id}/report`, and name others in `Codes` or `Results`.',
  },
  TooManyFailures: {
    status: 409,
    title: 'Too many rows for one call',
    remedy:
      'Name fewer `Codes` or `Results`, or make a manifest from the result files of the report and name it in `POST /jobs`.',
  },
  Throttled: {
    status: 503,
    title: 'AWS throttled the request',
    remedy: 'Send the same request again after the seconds in `Retry-After`.',
  },
  AwsUnavailable: {
    status: 503,
    title: 'AWS is temporarily unavailable',
    remedy: 'Send the same request again after the seconds in `Retry-After`.',
  },
  InternalError: {
    status: 500,
    title: 'An internal error occurred',
    remedy: 'Report the `requestId` to the operator of this deployment.',
  },
} as const satisfies Record<string, { status: number; title: string; remedy: string }>;

export type ErrorCode = keyof typeof catalogue;

/** One fault of a request body. `pointer` is a JSON pointer (RFC 6901), `""` for the whole body. */
export interface Fault {
  pointer: string;
  detail: string;
  code: string;
}

/** A body of 1 MiB can have hundreds of thousands of faults, too many for one answer. */
export const MAX_FAULTS = 100;

/** An error of the catalogue. `name` is its code, on which Step Functions matches Retry and Catch. */
export class KnownError extends Error {
  override readonly name: ErrorCode;
  readonly faults: readonly Fault[];
  /** Seconds after which the same request can succeed. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    detail: string,
    options: { faults?: readonly Fault[]; retryAfterSeconds?: number | undefined; cause?: unknown } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = code;
    this.faults = (options.faults ?? []).slice(0, MAX_FAULTS);
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

export const isKnownError = (error: unknown, ...codes: ErrorCode[]): error is KnownError =>
  error instanceof KnownError && (codes.length === 0 || codes.includes(error.name));
