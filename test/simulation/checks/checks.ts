import type { JobRun } from '../job-run.ts';
import { doorFaults } from './api.ts';
import { type Check, trailsOf } from './job-request.ts';
import {
  breaksForReason,
  ends,
  givesUpLate,
  history,
  oneJob,
  output,
  ownJob,
  shownEnd,
  startsInTime,
  staysCancelled,
} from './jobs.ts';
import { cancelledForReason, limitHolds, reasonKept } from './limits.ts';
import {
  createdNotified,
  finalNotice,
  oneIdPerKind,
  publishedOnce,
  statusUnreadable,
  suspendedNotified,
  wanted,
} from './notices.ts';
import { report, trueOutcome } from './outcome.ts';
import { chainEnds, oneRetry, retryStarted, totalsHold } from './retries.ts';
import { inTime, promise } from './timing.ts';

const checks: Record<string, Check> = {
  oneJob,
  ownJob,
  startsInTime,
  staysCancelled,
  ends,
  history,
  breaksForReason,
  givesUpLate,
  output,
  shownEnd,
  finalNotice,
  oneIdPerKind,
  publishedOnce,
  wanted,
  createdNotified,
  suspendedNotified,
  statusUnreadable,
  limitHolds,
  reasonKept,
  cancelledForReason,
  oneRetry,
  retryStarted,
  chainEnds,
  totalsHold,
  trueOutcome,
  report,
  inTime,
  promise,
};

/** The faults of a run, each as `RULE: fault`. */
export function faultsOf(jobRun: JobRun): string[] {
  const trails = trailsOf(jobRun);
  return [
    ...doorFaults(jobRun).map((fault) => `door: ${fault}`),
    ...Object.entries(checks).flatMap(([name, check]) =>
      trails.flatMap((trail) => check(trail).map((fault) => `${name}: ${fault}`)),
    ),
  ];
}
