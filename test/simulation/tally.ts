import { faultsOf } from './checks/checks.ts';
import type { Life } from './life.ts';

/** A life in which a rule was broken. */
export interface Failing {
  name: string;
  faults: string[];
}

/** What came of many lives. */
export interface Tally {
  lives: number;
  /** Faults that struck, by kind. */
  struck: Record<string, number>;
  /** Job requests, by the outcome that was told last. */
  outcomes: Record<string, number>;
  states: number;
  events: number;
  notices: number;
  /** Lives in which a rule was broken. */
  failing: Failing[];
  /** Of each life, where somebody wants to compare them. */
  fingerprints: string[];
}

export const emptyTally = (): Tally => ({
  lives: 0,
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

export function addLife(tally: Tally, life: Life): void {
  tally.lives++;
  tally.notices += life.delivered.length;
  for (const [kind, count] of life.struck) addTo(tally.struck, kind, count);
  for (const { execution, events } of life.executions) {
    tally.events += events.length;
    tally.states += events.filter(({ type }) => type.endsWith('StateEntered')).length;
    const said = life.delivered.findLast(
      ({ notice }) => notice.jobRequestId === execution.name && notice.outcome !== undefined,
    );
    addTo(tally.outcomes, said?.notice.outcome ?? 'none', 1);
  }
  const faults = faultsOf(life);
  if (faults.length > 0) tally.failing.push({ name: life.name, faults });
}

export function addTally(sum: Tally, { struck, outcomes, failing, fingerprints, ...counts }: Tally): void {
  for (const [kind, count] of Object.entries(struck)) addTo(sum.struck, kind, count);
  for (const [outcome, count] of Object.entries(outcomes)) addTo(sum.outcomes, outcome, count);
  sum.failing.push(...failing);
  sum.fingerprints.push(...fingerprints);
  for (const name of ['lives', 'states', 'events', 'notices'] as const) sum[name] += counts[name];
}

/** What is wrong with a life, and how to see it again. */
export const failureText = ({ name, faults }: Failing): string =>
  `${name}\n  ${faults.join('\n  ')}\n  replay: npm run simulate -- --life ${name}`;

const total = (counts: Record<string, number>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);
const n = (count: number) => count.toLocaleString('en-US');

/** In a few lines. */
export function summaryOf(tally: Tally, seconds: number): string {
  const outcomes = Object.entries(tally.outcomes).sort(([, a], [, b]) => b - a);
  return [
    `${n(tally.lives)} lives, ${n(total(tally.struck))} faults injected, ${n(tally.states)} states,` +
      ` ${n(tally.events)} events, ${n(tally.notices)} notices, ${seconds.toFixed(1)} s` +
      ` (${n(Math.round(tally.lives / seconds))} lives/s)`,
    `outcomes: ${outcomes.map(([outcome, count]) => `${n(count)} ${outcome}`).join(', ')}`,
    `${n(tally.failing.length)} lives broke a rule`,
  ].join('\n');
}
