import { Worker } from 'node:worker_threads';
import type { Tally } from './tally.ts';
import type { Assignment } from './worker.ts';

/** Hands assignments to worker threads, each the next one when it is ready, until there are no more. */
export async function inWorkers(
  count: number,
  assignments: Iterable<Assignment>,
  onTally: (tally: Tally, assignment: Assignment) => void,
): Promise<void> {
  const left = assignments[Symbol.iterator]();
  await Promise.all(Array.from({ length: count }, () => employ(left, onTally)));
}

function employ(
  assignments: Iterator<Assignment>,
  onTally: (tally: Tally, assignment: Assignment) => void,
): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    // Most of a run's memory is free after it.
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
  });
  let present: Assignment | undefined;
  const next = () => {
    const { value, done } = assignments.next();
    present = done ? undefined : value;
    if (present) worker.postMessage(present);
    else void worker.terminate();
  };
  return new Promise((resolve, reject) => {
    worker.on('message', (tally: Tally) => {
      if (present) onTally(tally, present);
      next();
    });
    worker.on('error', reject);
    worker.on('exit', () => resolve());
    next();
  });
}
