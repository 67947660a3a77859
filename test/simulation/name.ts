/** The jobs of the runs: of all lengths, or only short ones. */
export type Mix = 'all' | 'short';

/** One of this many runs uses the SDK's own clients. */
const SDK_EVERY = 200;

/** The name of a run, `MIX-SEED-NUMBER`, determines everything that happens in it. */
export const nameOf = (mix: Mix, seed: string, number: number): string => `${mix}-${seed}-${number}`;

export function readName(name: string): { mix: Mix; isThroughSdk: boolean } {
  const [, mix, number] = /^(all|short)-.*-(\d+)$/.exec(name) ?? [];
  if (!mix) throw new Error(`${name} is not the name of a run, such as all-1-42`);
  return { mix: mix as Mix, isThroughSdk: Number(number) % SDK_EVERY === 0 };
}
