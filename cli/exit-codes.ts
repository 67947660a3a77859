import type { JobResource } from '../functions/core/generated/job-resource.mjs';
import { isFinal } from './output/words.ts';

/** What the process exits with: the same in every output mode. docs/cli.md lists them. */
export const exitCodes = {
  done: 0,
  failure: 1, // a fault of ours, the network, AWS, or 429 and 5xx after retries
  usage: 2, // wrong usage, and a request that the API refuses: 400, 413, 415, 422
  notFound: 3,
  denied: 4, // 401 and 403
  conflict: 5, // 409
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

/** For an HTTP status that is not 2xx. */
export function exitCodeOfStatus(status: number): ExitCode {
  if ([400, 413, 415, 422].includes(status)) return exitCodes.usage;
  if (status === 401 || status === 403) return exitCodes.denied;
  if (status === 404) return exitCodes.notFound;
  return status === 409 ? exitCodes.conflict : exitCodes.failure;
}

const byOutcome: Record<NonNullable<JobResource['outcome']>, ExitCode> = {
  Succeeded: exitCodes.done,
  CompletedWithFailures: exitCodes.completedWithFailures,
  Failed: exitCodes.failed,
  NotCreated: exitCodes.failed,
  Cancelled: exitCodes.cancelled,
  Lost: exitCodes.lost,
  WatchEnded: exitCodes.lost,
};

/** Of a wait. A watch that has stopped leaves a job without an outcome, which counts as WatchEnded. */
export const exitCodeOfJob = (job: JobResource): ExitCode =>
  isFinal(job) ? byOutcome[job.outcome ?? 'WatchEnded'] : exitCodes.timedOut;
