/**
 * Simulates job runs outside of the tests, many or one:
 *
 *   npm run simulate -- --runs 100000 --seed 1   many runs, all checked
 *   npm run simulate -- --run all-1-42            one run, with everything that happens in it
 *   npm run simulate -- --bugs                   every planted bug, until it is found
 *   npm run simulate -- --bugs --only hour       the planted bugs whose names contain the text
 */
import './replace-clients.ts';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { inWorkers } from './workers.ts';

const { runByName } = await import('./job-runs.ts');
const { loadShipped } = await import('./shipped.ts');
const { plantedBugs } = await import('./planted-bugs.ts');
const { faultsOf } = await import('./checks/checks.ts');
const { addTally, emptyTally, failureText, summaryOf } = await import('./tally.ts');

/** Runs per assignment of a worker, runs in which a planted bug must be found, and failing runs that are printed. */
const STRETCH = 200;
const BUG_RUNS = 5000;
const SHOWN = 10;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(availableParallelism()) },
    run: { type: 'string' },
    bugs: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
});
const { seed } = values;
const workers = Number(values.workers);
const print = (line: string) => process.stdout.write(`${line}\n`);

function* stretches(runs: number) {
  for (let from = 0; from < runs; from += STRETCH)
    yield { mix: 'all' as const, seed, from, to: Math.min(from + STRETCH, runs) };
}

async function runMany(runs: number): Promise<boolean> {
  const sum = emptyTally();
  const startedAt = performance.now();
  await inWorkers(workers, stretches(runs), (tally) => {
    for (const failing of tally.failing.slice(0, Math.max(0, SHOWN - sum.failing.length)))
      print(failureText(failing));
    addTally(sum, tally);
  });
  print(summaryOf(sum, (performance.now() - startedAt) / 1000));
  return sum.failing.length === 0;
}

async function runOne(name: string): Promise<boolean> {
  const jobRun = await runByName(name, await loadShipped(), (seconds, what) =>
    print(
      `${seconds.toFixed(3)} ${what.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' ')}`,
    ),
  );
  const faults = faultsOf(jobRun);
  print(`plan: ${JSON.stringify(jobRun.plan)}`);
  print(faults.length === 0 ? 'no rule was broken' : `broken: ${faults.join('\n        ')}`);
  return faults.length === 0;
}

async function runBugs(): Promise<boolean> {
  const names = Object.keys(plantedBugs).filter((name) => name.includes(values.only));
  const hunts = names.map((bug) => ({
    mix: 'all' as const,
    seed,
    from: 0,
    to: BUG_RUNS,
    stopsAtFirst: true,
    bug,
  }));
  let found = 0;
  await inWorkers(workers, hunts, ({ runs, failing }, { bug = '' }) => {
    const fault = failing[0]?.faults[0];
    if (fault) found++;
    print(
      fault
        ? `${String(runs).padStart(5)} runs: ${bug}: ${fault.slice(0, 120)}`
        : `NOT FOUND in ${runs} runs: ${bug}`,
    );
  });
  print(`${found} of ${names.length} planted bugs found, each within ${BUG_RUNS} runs`);
  return found === names.length;
}

const isGood = values.run
  ? await runOne(values.run)
  : values.bugs
    ? await runBugs()
    : await runMany(Number(values.runs));
// Killed invocations still wait for their timeout.
process.exit(isGood ? 0 : 1);
