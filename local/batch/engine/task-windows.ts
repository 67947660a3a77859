import { type Manifest, type ManifestPosition, positionAfter } from '../manifest/manifest.ts';
import type { Task } from '../operations/operation.ts';
import { createBreather } from './slice.ts';

/** Tasks that are run before any after them, and where the manifest goes on when all of them are done. */
export interface TaskWindow {
  tasks: readonly Task[];
  end: ManifestPosition;
}

/**
 * Large, because a store that keeps objects in key order then has many tasks for each of its pages, however shuffled
 * the manifest is. It also bounds what a restarted job has to look up.
 */
const WINDOW_TASKS = 20_000;

/** Windows of tasks from the position on, each in the order of the manifest or, on demand, of the keys. */
export async function* taskWindows(
  manifest: Manifest,
  from: ManifestPosition,
  inKeyOrder: boolean,
): AsyncGenerator<TaskWindow> {
  const breathe = createBreather();
  let window: Task[] = [];
  let end = from;
  for await (const piece of manifest.tasks(from)) {
    if (piece.length === 0) continue;
    end = positionAfter(piece.at(-1) as Task);
    if (inKeyOrder && window.length === 0 && isSorted(piece)) {
      // Nothing is gained by waiting for more, and tasks that are soon forgotten keep the heap small.
      yield { tasks: piece, end };
      continue;
    }
    // Sorted piece by piece: what is left to do for the whole window then holds up the event loop only briefly.
    window.push(...(inKeyOrder ? piece.sort(byKey) : piece));
    if (window.length >= WINDOW_TASKS) {
      yield { tasks: inKeyOrder ? window.sort(byKey) : window, end };
      window = [];
    }
    await breathe();
  }
  if (window.length > 0) yield { tasks: inKeyOrder ? window.sort(byKey) : window, end };
}

const isSorted = (tasks: readonly Task[]): boolean =>
  tasks.every((task, index) => index === 0 || byKey(tasks[index - 1] as Task, task) < 0);

const byKey = (a: Task, b: Task): number =>
  compare(a.bucket, b.bucket) || compare(a.key, b.key) || a.number - b.number;

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
