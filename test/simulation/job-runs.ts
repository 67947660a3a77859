import { fingerprint, runJob } from './job-run.ts';
import { type Mix, nameOf, readName } from './name.ts';
import { sdkTransport } from './sdk-transport.ts';
import type { Shipped } from './shipped.ts';
import { addRun, emptyTally, type Tally } from './tally.ts';

/** Runs with consecutive numbers, without `to`. */
export interface Stretch {
  mix: Mix;
  seed: string;
  from: number;
  to: number;
  /** Stops after the first run that breaks a rule. */
  stopsAtFirst?: boolean;
  takesFingerprints?: boolean;
}

/** The run with this name. */
export const runByName = (
  name: string,
  shipped: Shipped,
  onTrace?: (seconds: number, what: readonly unknown[]) => void,
) =>
  runJob(name, shipped, {
    ...(readName(name).isThroughSdk && { transport: sdkTransport }),
    ...(onTrace && { onTrace }),
  });

/** Runs in sequence, all checked. */
export async function runStretch(
  { mix, seed, from, to, stopsAtFirst, takesFingerprints }: Stretch,
  shipped: Shipped,
): Promise<Tally> {
  const tally = emptyTally();
  for (let number = from; number < to; number++) {
    const jobRun = await runByName(nameOf(mix, seed, number), shipped);
    addRun(tally, jobRun);
    if (takesFingerprints) tally.fingerprints.push(fingerprint(jobRun));
    if (stopsAtFirst && tally.failing.length > 0) break;
  }
  return tally;
}
