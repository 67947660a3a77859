import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bench, type BenchSettings, ratio } from './bench.ts';
import { interleave } from './figures.ts';
import { copyFilledStore } from './fixtures/filled-store.ts';
import { startPart } from './part.ts';
import type { MemoryAnswer, MemoryRequest } from './parts/job-memory.ts';

const MANY = 1_000_000;
const FEW = 200_000;
const ROUNDS = 3;

export const memory: Bench = {
  name: 'memory',
  title: 'the memory of a job over many rows, against the memory of a job over few rows',
  limitSeconds: 120,
  run,
};

async function run({ scale, folder }: BenchSettings) {
  const [many, few] = [Math.ceil(MANY * scale), Math.ceil(FEW * scale)] as const;
  let stores = 0;

  /** Both use a store of the same size, so that its cache does not affect the ratio. */
  const peakOf = (rows: number) => async () => {
    const own = join(folder, `memory-${stores++}`);
    copyFilledStore(folder, many, own);
    const part = startPart<MemoryRequest, MemoryAnswer>('parts/job-memory.ts');
    try {
      return (await part.ask({ folder: own, rows })).peakMegabytes;
    } finally {
      await part.stop();
      await rm(own, { recursive: true });
    }
  };

  const named = (rows: number) => `${rows.toLocaleString('en')} rows`;
  const [large, small] = await interleave(ROUNDS, [
    { name: named(many), unit: 'MB', measure: peakOf(many) },
    { name: named(few), unit: 'MB', measure: peakOf(few) },
  ]);
  const what = `peak resident memory of a process that runs a tagging job on a store of ${many.toLocaleString('en')} objects`;
  return [{ what, figures: [large, small], verdict: ratio(large, small, { atMost: 1.15 }) }];
}
