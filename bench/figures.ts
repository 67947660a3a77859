import type { Figure } from './bench.ts';

/** One side of a comparison; each call is a round and resolves with what it measured. */
export interface Side {
  name: string;
  unit: string;
  measure: () => number | Promise<number>;
}

/**
 * Runs all sides in turn, round by round, so that whatever else the machine does hits them alike. The figures come
 * in the order of the sides.
 */
export async function interleave<const Sides extends readonly Side[]>(
  rounds: number,
  sides: Sides,
): Promise<{ [Index in keyof Sides]: Figure }> {
  const measured = sides.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { measure }] of sides.entries()) measured[index]?.push(await measure());
  }
  return sides.map((side, index) => figureOf(side, measured[index] ?? [])) as {
    [Index in keyof Sides]: Figure;
  };
}

export function figureOf({ name, unit }: Pick<Side, 'name' | 'unit'>, values: readonly number[]): Figure {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    name,
    unit,
    rounds: sorted.length,
    min: quantile(sorted, 0),
    median: quantile(sorted, 0.5),
    max: quantile(sorted, 1),
  };
}

/** Of sorted values; between two of them where the share falls between. NaN when there are none. */
export function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const [below = Number.NaN, above = below] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below + (above - below) * (place % 1);
}

/** Seconds that the work takes. */
export async function secondsOf(work: () => unknown): Promise<number> {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1000;
}
