/** Which jobs a run has: of all lengths, or only such as end soon. */
export type Mix = 'all' | 'short';

/** One life in so many goes through the SDK's own clients. */
const SDK_EVERY = 200;

/** A life is known by its name, `MIX-SEED-NUMBER`, and all that happens in it follows from that. */
export const nameOf = (mix: Mix, seed: string, number: number): string => `${mix}-${seed}-${number}`;

export function readName(name: string): { mix: Mix; isThroughSdk: boolean } {
  const [, mix, number] = /^(all|short)-.*-(\d+)$/.exec(name) ?? [];
  if (!mix) throw new Error(`${name} is not the name of a life, such as all-1-42`);
  return { mix: mix as Mix, isThroughSdk: Number(number) % SDK_EVERY === 0 };
}
