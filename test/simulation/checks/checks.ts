import type { Life } from '../life.ts';
import { doorFaults } from './api.ts';
import { type Check, trailsOf } from './job-request.ts';
import { breaksForReason, ends, givesUpLate, history, oneJob, output, shownEnd } from './jobs.ts';
import {
  createdTold,
  finalNotice,
  oneIdPerKind,
  statusUnreadable,
  suspendedTold,
  toldOnce,
  wanted,
} from './notices.ts';
import { report, trueOutcome } from './outcome.ts';
import { inTime, promise } from './timing.ts';

const checks: Record<string, Check> = {
  oneJob,
  ends,
  history,
  breaksForReason,
  givesUpLate,
  output,
  shownEnd,
  finalNotice,
  oneIdPerKind,
  toldOnce,
  wanted,
  createdTold,
  suspendedTold,
  statusUnreadable,
  trueOutcome,
  report,
  inTime,
  promise,
};

/** Everything that is wrong with a life, each as `RULE: what`. */
export function faultsOf(life: Life): string[] {
  const trails = trailsOf(life);
  return [
    ...doorFaults(life).map((fault) => `door: ${fault}`),
    ...Object.entries(checks).flatMap(([name, check]) =>
      trails.flatMap((trail) => check(trail).map((fault) => `${name}: ${fault}`)),
    ),
  ];
}
