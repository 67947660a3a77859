import type { Random } from '../../core/random.ts';
import type { Retrier } from '../definition/machine.ts';
import { matchesError } from '../state-error.ts';

export interface Retry {
  delayMs: number;
  /** Number of retries by retrier, including this one. */
  retries: number[];
}

/**
 * The next retry, or undefined when there is none. The first retrier that names the error decides; each one has its
 * own count.
 */
export function nextRetry(
  retriers: readonly Retrier[],
  retries: readonly number[],
  code: string,
  random: Random,
): Retry | undefined {
  const index = retriers.findIndex(({ errorEquals }) => matchesError(errorEquals, code));
  const retrier = retriers[index];
  const done = retries[index] ?? 0;
  if (!retrier || done >= retrier.maxAttempts) return undefined;
  return { delayMs: delayMs(retrier, done, random), retries: retries.with(index, done + 1) };
}

function delayMs(retrier: Retrier, done: number, random: Random): number {
  const { intervalSeconds, backoffRate, maxDelaySeconds, jitterStrategy } = retrier;
  const seconds = Math.min(intervalSeconds * backoffRate ** done, maxDelaySeconds);
  return Math.round(seconds * 1000 * (jitterStrategy === 'FULL' ? random.next() : 1));
}
