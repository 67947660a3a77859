/** Every failure that a caller, or the state machine, can act on. docs/errors.md has the same rows. */
export const catalogue = {
  InvalidJson: {
    status: 400,
    title: 'The body is not JSON',
    remedy: 'Send one JSON object, encoded as UTF-8.',
  },
  InvalidQuery: {
    status: 400,
    title: 'The query is not usable',
    remedy: 'Correct the parameter that errors points at.',
  },
  NotAllowed: {
    status: 403,
    title: 'This deployment does not allow that',
    remedy: 'Use what the deployment allows, or ask whoever deployed it to extend its lists.',
  },
  JobRequestNotFound: {
    status: 404,
    title: 'There is no such job request',
    remedy: 'Check the id. Job requests are kept for 90 days after they end, and only their owner sees them.',
  },
  NotPossibleNow: {
    status: 409,
    title: 'The job is not in a state that allows this',
    remedy: 'Look at the job with GET /jobs/{id}: its status and links tell what is possible now.',
  },
  BodyTooLarge: {
    status: 413,
    title: 'The body is too large',
    remedy: 'Send at most 1 MB; put long lists of objects into a manifest in S3.',
  },
  UnsupportedMediaType: {
    status: 415,
    title: 'The body is not declared as JSON',
    remedy: 'Send the header Content-Type: application/json.',
  },
  InvalidRequest: {
    status: 422,
    title: 'The job request has faults',
    remedy: 'Correct the members that errors points at, and send it again. Nothing was started.',
  },
  IdempotencyKeyReused: {
    status: 422,
    title: 'This idempotency key was used with another body',
    remedy: 'Send the same body to get the first answer again, or take a new key for a new job.',
  },
  InvalidIdempotencyKey: {
    status: 400,
    title: 'The Idempotency-Key header is not usable',
    remedy: 'Send 1 to 255 printable ASCII characters, for example a UUID.',
  },
  ChecksFailed: {
    status: 422,
    title: 'The job would fail',
    remedy:
      'Mend what errors names, and send the request again. POST /jobs?dryRun=true shows all that was found.',
  },
  DryRunOutdated: {
    status: 409,
    title: 'What would run is not what the dry run saw',
    remedy: 'Send the request with dryRun=true again, look at the answer, and use the dryRunId in it.',
  },
  ManifestNotReadable: {
    status: 422,
    title: 'The manifest cannot be read',
    remedy: 'Check bucket, key and version of Manifest.Location, and that this deployment may read them.',
  },
  RequestRefused: {
    status: 422,
    title: 'S3 Batch Operations refused the request',
    remedy: 'Correct what the detail names; S3 refuses the same request again.',
  },
  JobNotFound: {
    status: 404,
    title: 'S3 Batch Operations does not know the job',
    remedy:
      'S3 deletes jobs 90 days after they end; a job that was just created may take a moment to appear.',
  },
  ReportNotReady: {
    status: 409,
    title: 'The completion report is not there yet',
    remedy: 'S3 writes it soon after the job has ended; ask again in a moment.',
  },
  NoReport: {
    status: 409,
    title: 'The job has no completion report',
    remedy: 'GET /jobs/{id} has the counts. A job has a report when its Report is enabled and a task ran.',
  },
  ReportNotReadable: {
    status: 409,
    title: 'The completion report cannot be read',
    remedy:
      'Let this deployment read the report bucket (reportBuckets), or read it where GET /jobs/{id} says it is.',
  },
  NothingToRetry: {
    status: 409,
    title: 'There is nothing to retry',
    remedy:
      'GET /jobs/{id}/report has the codes of what failed. Mend the cause, and name the codes in Codes.',
  },
  TooManyFailures: {
    status: 409,
    title: 'More failed than one call can take',
    remedy: 'Name fewer Codes, or make a manifest of the files of the report and send it to POST /jobs.',
  },
  Throttled: {
    status: 503,
    title: 'AWS asks to slow down',
    remedy: 'Send the same request again after the seconds in Retry-After.',
  },
  AwsUnavailable: {
    status: 503,
    title: 'AWS cannot be reached',
    remedy: 'Send the same request again after the seconds in Retry-After.',
  },
  InternalError: {
    status: 500,
    title: 'Something is wrong on our side',
    remedy: 'Report the requestId to whoever runs this deployment.',
  },
} as const satisfies Record<string, { status: number; title: string; remedy: string }>;

export type ErrorCode = keyof typeof catalogue;

/** One fault of a request body. `pointer` is a JSON pointer (RFC 6901), `""` for the whole body. */
export interface Fault {
  pointer: string;
  detail: string;
  code: string;
}

/** A body of 1 MB may have hundreds of thousands; an answer with all of them could not go out. */
export const MAX_FAULTS = 100;

/** A row of the catalogue that happened. `name` is the code: Step Functions matches Retry and Catch on it. */
export class KnownError extends Error {
  override readonly name: ErrorCode;
  readonly faults: readonly Fault[];
  /** When the same request may do better. */
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
