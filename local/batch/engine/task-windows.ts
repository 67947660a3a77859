import type { Manifest, ManifestPosition } from '../manifest/manifest.ts';
import type { Task } from '../operations/operation.ts';
import { createBreather } from './slice.ts';

/**
 * Tasks are run window by window. Within one they are sorted by key, because a store that keeps objects in key
 * order then touches each of its pages once, however shuffled the manifest is. It also bounds what a restarted
 * job has to look up.
 */
const WINDOW_TASKS = 20_000;

/** Windows of tasks from the position on, each in the order of the manifest. */
export async function* taskWindows(manifest: Manifest, from: ManifestPosition): AsyncGenerator<Task[]> {
  const breathe = createBreather();
  let window: Task[] = [];
  for await (const tasks of manifest.tasks(from)) {
    for (const task of tasks) {
      window.push(task);
      if (window.length < WINDOW_TASKS) continue;
      yield window;
      window = [];
    }
    await breathe();
  }
  if (window.length > 0) yield window;
}

export const byKey = (a: Task, b: Task): number =>
  compare(a.bucket, b.bucket) || compare(a.key, b.key) || a.number - b.number;

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
