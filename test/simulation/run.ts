/**
 * Simulates job lives outside of the tests, many or one:
 *
 *   npm run simulate -- --lives 100000 --seed 1   many lives, all checked
 *   npm run simulate -- --life all-1-42           one life, with all that happens in it
 *   npm run simulate -- --bugs                    every planted bug, until it is seen
 *   npm run simulate -- --bugs --only hour        those with such a name
 */
import './replace-clients.ts';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { inWorkers } from './workers.ts';

const { liveByName } = await import('./lives.ts');
const { loadShipped } = await import('./shipped.ts');
const { plantedBugs } = await import('./planted-bugs.ts');
const { faultsOf } = await import('./checks/checks.ts');
const { addTally, emptyTally, failureText, summaryOf } = await import('./tally.ts');

/** Lives that a worker is handed at a time, that a planted bug may take, and failing lives that are shown. */
const STRETCH = 200;
const BUG_LIVES = 5000;
const SHOWN = 10;

const { values } = parseArgs({
  options: {
    lives: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(availableParallelism()) },
    life: { type: 'string' },
    bugs: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
});
const { seed } = values;
const workers = Number(values.workers);
const print = (line: string) => process.stdout.write(`${line}\n`);

function* stretches(lives: number) {
  for (let from = 0; from < lives; from += STRETCH)
    yield { mix: 'all' as const, seed, from, to: Math.min(from + STRETCH, lives) };
}

async function runLives(lives: number): Promise<boolean> {
  const sum = emptyTally();
  const startedAt = performance.now();
  await inWorkers(workers, stretches(lives), (tally) => {
    for (const failing of tally.failing.slice(0, Math.max(0, SHOWN - sum.failing.length)))
      print(failureText(failing));
    addTally(sum, tally);
  });
  print(summaryOf(sum, (performance.now() - startedAt) / 1000));
  return sum.failing.length === 0;
}

async function runLife(name: string): Promise<boolean> {
  const life = await liveByName(name, await loadShipped(), (seconds, what) =>
    print(
      `${seconds.toFixed(3)} ${what.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' ')}`,
    ),
  );
  const faults = faultsOf(life);
  print(`plan: ${JSON.stringify(life.plan)}`);
  print(faults.length === 0 ? 'no rule was broken' : `broken: ${faults.join('\n        ')}`);
  return faults.length === 0;
}

async function runBugs(): Promise<boolean> {
  const names = Object.keys(plantedBugs).filter((name) => name.includes(values.only));
  const hunts = names.map((bug) => ({
    mix: 'all' as const,
    seed,
    from: 0,
    to: BUG_LIVES,
    stopsAtFirst: true,
    bug,
  }));
  let found = 0;
  await inWorkers(workers, hunts, ({ lives, failing }, { bug = '' }) => {
    const seen = failing[0]?.faults[0];
    if (seen) found++;
    print(
      seen
        ? `${String(lives).padStart(5)} lives: ${bug}: ${seen.slice(0, 120)}`
        : `NOT SEEN in ${lives} lives: ${bug}`,
    );
  });
  print(`${found} of ${names.length} planted bugs seen, each within ${BUG_LIVES} lives`);
  return found === names.length;
}

const isGood = values.life
  ? await runLife(values.life)
  : values.bugs
    ? await runBugs()
    : await runLives(Number(values.lives));
// Invocations that were killed still wait for the end of their time.
process.exit(isGood ? 0 : 1);
