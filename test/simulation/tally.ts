import { faultsOf } from './checks/checks.ts';
import type { JobRun } from './job-run.ts';

/** A run that broke a rule. */
export interface Failing {
  name: string;
  faults: string[];
}

/** The results of many runs. */
export interface Tally {
  runs: number;
  /** Injected faults, by kind. */
  struck: Record<string, number>;
  /** Job requests, by the outcome in the last notice. */
  outcomes: Record<string, number>;
  states: number;
  events: number;
  notices: number;
  /** Runs that broke a rule. */
  failing: Failing[];
  /** One for each run, if they are wanted. */
  fingerprints: string[];
}

export const emptyTally = (): Tally => ({
  runs: 0,
  struck: {},
  outcomes: {},
  states: 0,
  events: 0,
  notices: 0,
  failing: [],
  fingerprints: [],
});

const addTo = (counts: Record<string, number>, name: string, count: number) => {
  counts[name] = (counts[name] ?? 0) + count;
};

export function addRun(tally: Tally, jobRun: JobRun): void {
  tally.runs++;
  tally.notices += jobRun.delivered.length;
  for (const [kind, count] of jobRun.struck) addTo(tally.struck, kind, count);
  for (const { execution, events } of jobRun.executions) {
    tally.events += events.length;
    tally.states += events.filter(({ type }) => type.endsWith('StateEntered')).length;
    const said = jobRun.delivered.findLast(
      ({ notice }) => notice.jobRequestId === execution.name && notice.outcome !== undefined,
    );
    addTo(tally.outcomes, said?.notice.outcome ?? 'none', 1);
  }
  const faults = faultsOf(jobRun);
  if (faults.length > 0) tally.failing.push({ name: jobRun.name, faults });
}

export function addTally(sum: Tally, { struck, outcomes, failing, fingerprints, ...counts }: Tally): void {
  for (const [kind, count] of Object.entries(struck)) addTo(sum.struck, kind, count);
  for (const [outcome, count] of Object.entries(outcomes)) addTo(sum.outcomes, outcome, count);
  sum.failing.push(...failing);
  sum.fingerprints.push(...fingerprints);
  for (const name of ['runs', 'states', 'events', 'notices'] as const) sum[name] += counts[name];
}

/** The faults of a run, and the command that replays it. */
export const failureText = ({ name, faults }: Failing): string =>
  `${name}\n  ${faults.join('\n  ')}\n  replay: npm run simulate -- --run ${name}`;

const total = (counts: Record<string, number>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);
const n = (count: number) => count.toLocaleString('en-US');

/** The sums as text. */
export function summaryOf(tally: Tally, seconds: number): string {
  const outcomes = Object.entries(tally.outcomes).sort(([, a], [, b]) => b - a);
  return [
    `${n(tally.runs)} runs, ${n(total(tally.struck))} faults injected, ${n(tally.states)} states,` +
      ` ${n(tally.events)} events, ${n(tally.notices)} notices, ${seconds.toFixed(1)} s` +
      ` (${n(Math.round(tally.runs / seconds))} runs/s)`,
    `outcomes: ${outcomes.map(([outcome, count]) => `${n(count)} ${outcome}`).join(', ')}`,
    `${n(tally.failing.length)} runs broke a rule`,
  ].join('\n');
}
