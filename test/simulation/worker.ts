import './replace-clients.ts';
import { parentPort } from 'node:worker_threads';
import type { Stretch } from './lives.ts';

const { liveStretch } = await import('./lives.ts');
const { loadShipped } = await import('./shipped.ts');
const { plantedBugs } = await import('./planted-bugs.ts');

/** What a worker is asked for: to live a stretch, perhaps with a bug planted. */
export interface Assignment extends Stretch {
  bug?: string;
}

const shipped = await loadShipped();
// The handlers read it all the time, and the real one is read through the system.
process.env = { ...process.env };

parentPort?.on('message', async ({ bug, ...stretch }: Assignment) => {
  const plant = bug === undefined ? undefined : plantedBugs[bug];
  parentPort?.postMessage(await liveStretch(stretch, plant?.(shipped) ?? shipped));
});
