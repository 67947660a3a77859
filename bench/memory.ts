import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bench, type BenchSettings, type Finding, ratio } from './bench.ts';
import { figureOf } from './figures.ts';
import { copyFilledStore } from './fixtures/filled-store.ts';
import { startPart } from './part.ts';
import type { MemoryAnswer, MemoryRequest } from './parts/job-memory.ts';

const OBJECTS = 1_000_000;
const FEW_ROWS = 200_000;
const ROUNDS = 3;

export const memory: Bench = {
  name: 'memory',
  title: 'the memory of a job over many rows, against the memory of a job over few rows',
  limitSeconds: 1800,
  run,
};

/** With `--rows` it compares that many rows with one row for each object, once instead of in rounds. */
async function run({ scale, folder, rows, say }: BenchSettings): Promise<Finding[]> {
  const objects = Math.ceil(OBJECTS * scale);
  const [many, few] = rows ? [Math.ceil(rows * scale), objects] : [objects, Math.ceil(FEW_ROWS * scale)];
  const [large, small] = [sideOf(many), sideOf(few)];
  for (let round = 0; round < (rows ? 1 : ROUNDS); round++) {
    await large.measure(round);
    await small.measure(round);
  }

  /** Both use a store of the same size, so that its cache does not affect the ratio. */
  function sideOf(count: number) {
    const answers: MemoryAnswer[] = [];
    const name = `${count.toLocaleString('en')} rows`;
    return {
      memory: () =>
        figureOf(
          { name, unit: 'MB' },
          answers.map((answer) => answer.peakMegabytes),
        ),
      speed: () =>
        figureOf(
          { name, unit: 'objects/s' },
          answers.map((answer) => count / answer.seconds),
        ),
      async measure(round: number) {
        const store = join(folder, `memory-${count}-${round}`);
        copyFilledStore(folder, objects, store);
        const part = startPart<MemoryRequest, MemoryAnswer>('parts/job-memory.ts');
        try {
          answers.push(await part.ask({ folder: store, rows: count, objects }));
          say(`${name}: ${Math.round(answers.at(-1)?.peakMegabytes ?? 0)} MB`);
        } finally {
          await part.stop();
          await rm(store, { recursive: true });
        }
      },
    };
  }

  const job = `a tagging job on a store of ${objects.toLocaleString('en')} objects`;
  const peak = {
    what: `peak resident memory of a process that runs ${job}`,
    figures: [large.memory(), small.memory()],
    verdict: ratio(large.memory(), small.memory(), { atMost: rows ? 1.3 : 1.15 }),
  };
  if (!rows) return [peak];
  const speed = {
    what: `speed of ${job}`,
    figures: [large.speed(), small.speed()],
    verdict: ratio(large.speed(), small.speed(), { atLeast: 0.8 }),
  };
  return [peak, speed];
}
