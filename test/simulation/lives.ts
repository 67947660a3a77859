import { fingerprint, live } from './life.ts';
import { type Mix, nameOf, readName } from './name.ts';
import { sdkTransport } from './sdk-transport.ts';
import type { Shipped } from './shipped.ts';
import { addLife, emptyTally, type Tally } from './tally.ts';

/** Lives with consecutive numbers, `to` not included. */
export interface Stretch {
  mix: Mix;
  seed: string;
  from: number;
  to: number;
  /** Stops after the first life that breaks a rule. */
  stopsAtFirst?: boolean;
  takesFingerprints?: boolean;
}

/** One life as its name has it. */
export const liveByName = (
  name: string,
  shipped: Shipped,
  onTrace?: (seconds: number, what: readonly unknown[]) => void,
) =>
  live(name, shipped, {
    ...(readName(name).isThroughSdk && { transport: sdkTransport }),
    ...(onTrace && { onTrace }),
  });

/** Lives one after the other, all checked. */
export async function liveStretch(
  { mix, seed, from, to, stopsAtFirst, takesFingerprints }: Stretch,
  shipped: Shipped,
): Promise<Tally> {
  const tally = emptyTally();
  for (let number = from; number < to; number++) {
    const life = await liveByName(nameOf(mix, seed, number), shipped);
    addLife(tally, life);
    if (takesFingerprints) tally.fingerprints.push(fingerprint(life));
    if (stopsAtFirst && tally.failing.length > 0) break;
  }
  return tally;
}
