import { createRandom, type Random } from '../../local/core/random.ts';

/** Draws from one seed. */
export interface Dice {
  random: Random;
  /** True in this share of draws. */
  chance(share: number): boolean;
  /** A whole number, both ends included. */
  whole(least: number, most: number): number;
  /** A whole number; all orders of magnitude between the two ends are equally likely. */
  spread(least: number, most: number): number;
  pick<T>(choices: readonly T[]): T;
  /** One of the keys, with the probability of its weight. */
  weigh<T extends string>(weights: Readonly<Record<T, number>>): T;
}

export function createDice(seed: string): Dice {
  const random = createRandom(seed);
  const whole = (least: number, most: number) => least + Math.floor(random.next() * (most - least + 1));
  return {
    random,
    whole,
    chance: (share) => random.next() < share,
    spread: (least, most) => Math.round(least * (most / least) ** random.next()),
    pick: <T>(choices: readonly T[]) => choices[whole(0, choices.length - 1)] as T,
    weigh<T extends string>(weights: Readonly<Record<T, number>>) {
      const entries = Object.entries<number>(weights) as [T, number][];
      let rest = random.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      const drawn = entries.find(([, weight]) => {
        rest -= weight;
        return rest < 0;
      });
      return (drawn ?? entries[0])?.[0] as T;
    },
  };
}
