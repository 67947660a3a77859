import type { JobResource } from '../functions/core/generated/job-resource.mjs';

/** What the process exits with: the same in every output mode. docs/cli.md lists them. */
export const exitCodes = {
  done: 0,
  /** A fault of ours, the network, AWS, or 429 and 5xx after retries. */
  failure: 1,
  /** Wrong usage, and a request that the API refuses: 400, 413, 415, 422. */
  usage: 2,
  notFound: 3,
  /** 401 and 403. */
  denied: 4,
  /** 409. */
  conflict: 5,
  completedWithFailures: 10,
  failed: 11,
  cancelled: 12,
  lost: 13,
  timedOut: 14,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A failure that the user is shown in one or a few lines. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

export const usageError = (message: string) => new CliError(exitCodes.usage, message);

const byStatus: Record<number, ExitCode> = {
  400: exitCodes.usage,
  413: exitCodes.usage,
  415: exitCodes.usage,
  422: exitCodes.usage,
  404: exitCodes.notFound,
  401: exitCodes.denied,
  403: exitCodes.denied,
  409: exitCodes.conflict,
};

/** For an HTTP status that is not 2xx. */
export const exitCodeOfStatus = (status: number): ExitCode => byStatus[status] ?? exitCodes.failure;

const byOutcome: Record<NonNullable<JobResource['outcome']>, ExitCode> = {
  Succeeded: exitCodes.done,
  CompletedWithFailures: exitCodes.completedWithFailures,
  Failed: exitCodes.failed,
  NotCreated: exitCodes.failed,
  Cancelled: exitCodes.cancelled,
  Lost: exitCodes.lost,
  WatchEnded: exitCodes.lost,
};

/** For a job request that is final; without an outcome its watch has stopped, which counts as WatchEnded. */
export const exitCodeOfJob = ({ outcome }: Pick<JobResource, 'outcome'>): ExitCode =>
  byOutcome[outcome ?? 'WatchEnded'];
