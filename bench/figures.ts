import type { Figure } from './bench.ts';

/** One side of a comparison; each call of `measure` is one round. */
export interface Side {
  name: string;
  unit: string;
  measure: () => number | Promise<number>;
}

/**
 * Runs all sides in turn, round by round, so that other work on the machine affects them equally. Returns the figures
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

/** A quantile of sorted values, interpolated between two of them. NaN when there are none. */
export function quantile(sorted: readonly number[], share: number): number {
  const rank = (sorted.length - 1) * share;
  const [below = Number.NaN, above = below] = [sorted[Math.floor(rank)], sorted[Math.ceil(rank)]];
  return below + (above - below) * (rank % 1);
}

/** Seconds that the work takes. */
export async function secondsOf(work: () => unknown): Promise<number> {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1000;
}
