import { createHash } from 'node:crypto';
import jsonata from 'jsonata';
import type { Clock } from '../../core/clock.ts';
import { createRandom, type Random } from '../../core/random.ts';

/**
 * The functions that Step Functions adds to JSONata or replaces in it. Time and randomness come from `clock` and
 * `random`. As on AWS, numbers are truncated and invalid arguments give no value.
 */
export function createFunctions(clock: Clock, random: Random): Record<string, unknown> {
  return {
    now: (picture?: string, timezone?: string) => formatTime(clock.now(), picture, timezone),
    millis: () => clock.now(),
    random: (seed?: number) => (seed === undefined ? random : createRandom(String(Math.trunc(seed)))).next(),
    uuid: () => random.uuid(),
    range,
    partition,
    hash,
    parse: (text?: string) => (text === undefined ? undefined : JSON.parse(text)),
    // AWS has no $eval. $shuffle would use the randomness of the process instead of `random`.
    eval: undefined,
    shuffle: undefined,
  };
}

const fromMillis = jsonata('$fromMillis($at, $picture, $timezone)');

const formatTime = (at: number, picture?: string, timezone?: string) =>
  picture === undefined
    ? new Date(at).toISOString()
    : fromMillis.evaluate(undefined, { at, picture, timezone });

/** From `start` to `end`, inclusive. A range of one number is that number. */
function range(start: number, end: number, step?: number): number[] | number | undefined {
  const [from, to, by] = [Math.trunc(start), Math.trunc(end), Math.trunc(step ?? 0)];
  const length = by === 0 ? 0 : Math.floor((to - from) / by) + 1;
  if (length < 1) return undefined;
  return length === 1 ? from : Array.from({ length }, (_, index) => from + index * by);
}

function partition(array: unknown[] | undefined, size: number): unknown[][] | undefined {
  const length = Math.trunc(size);
  if (!array?.length || !(length > 0)) return undefined;
  return Array.from({ length: Math.ceil(array.length / length) }, (_, index) =>
    array.slice(index * length, (index + 1) * length),
  );
}

const ALGORITHMS = new Set(['MD5', 'SHA-1', 'SHA-256', 'SHA-384', 'SHA-512']);

function hash(text: string | undefined, algorithm?: string): string | undefined {
  if (text === undefined || algorithm === undefined) return undefined;
  if (!ALGORITHMS.has(algorithm))
    throw new Error(`$hash knows ${[...ALGORITHMS].join(', ')}, not ${algorithm}`);
  return createHash(algorithm.replace('-', '')).update(text).digest('hex');
}
