import './replace-clients.ts';
import { parentPort } from 'node:worker_threads';
import type { Stretch } from './job-runs.ts';

const { runStretch } = await import('./job-runs.ts');
const { loadShipped } = await import('./shipped.ts');
const { plantedBugs } = await import('./planted-bugs.ts');

/** The runs for a worker, optionally with a planted bug. */
export interface Assignment extends Stretch {
  bug?: string;
}

const shipped = await loadShipped();
// The handlers read it often, and reading the real one is slow.
process.env = { ...process.env };

parentPort?.on('message', async ({ bug, ...stretch }: Assignment) => {
  const plant = bug === undefined ? undefined : plantedBugs[bug];
  parentPort?.postMessage(await runStretch(stretch, plant?.(shipped) ?? shipped));
});
