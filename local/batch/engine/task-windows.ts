import { type Manifest, type ManifestPosition, positionAfter } from '../manifest/manifest.ts';
import type { Task } from '../operations/operation.ts';
import { isInKeyOrder, mergeByKey, sortByKey } from './key-order.ts';
import { createBreather } from './slice.ts';

/** Tasks of which all are done before the next window is begun. */
export interface TaskWindow {
  tasks: readonly Task[];
  /** Where the manifest goes on after all tasks up to now; left out while some before that are yet to come. */
  end: ManifestPosition | undefined;
}

/** At each end of a window, tasks under way are waited for; so many tasks make that rare. */
const WINDOW_TASKS = 20_000;

/**
 * So many tasks are brought into key order at a time. A store that keeps objects in key order then has several tasks
 * for each of its pages, however shuffled the manifest is: with a fifth of it, a million objects take over twice as
 * long. It is also what a restarted job has to look up.
 */
const SORTED_TASKS = 100_000;

/** Windows of tasks from the position on, in the order of the manifest. */
export async function* taskWindows(manifest: Manifest, from: ManifestPosition): AsyncGenerator<TaskWindow> {
  const breathe = createBreather();
  let tasks: Task[] = [];
  let end = from;
  for await (const piece of manifest.tasks(from)) {
    tasks.push(...piece);
    end = piece.length > 0 ? positionAfter(piece.at(-1) as Task) : end;
    if (tasks.length >= WINDOW_TASKS) {
      yield { tasks, end };
      tasks = [];
    }
    await breathe();
  }
  if (tasks.length > 0) yield { tasks, end };
}

/** Small windows of tasks from the position on, in key order within long stretches of the manifest. */
export async function* sortedTaskWindows(
  manifest: Manifest,
  from: ManifestPosition,
): AsyncGenerator<TaskWindow> {
  const breathe = createBreather();
  let pieces: Task[][] = [];
  let count = 0;
  let end = from;
  for await (const piece of manifest.tasks(from)) {
    if (piece.length === 0) continue;
    end = positionAfter(piece.at(-1) as Task);
    if (count === 0 && isInKeyOrder(piece)) {
      // Tasks that are not kept waiting are gone before the garbage collector takes them for old ones.
      yield { tasks: piece, end };
      continue;
    }
    pieces.push(sortByKey(piece));
    count += piece.length;
    if (count >= SORTED_TASKS) {
      yield* mergedWindows(pieces, end);
      pieces = [];
      count = 0;
    }
    await breathe();
  }
  yield* mergedWindows(pieces, end);
}

const MERGED_TASKS = 500;

function* mergedWindows(pieces: readonly Task[][], end: ManifestPosition): Generator<TaskWindow> {
  let tasks: Task[] = [];
  for (const task of mergeByKey(pieces)) {
    if (tasks.length === MERGED_TASKS) {
      yield { tasks, end: undefined };
      tasks = [];
    }
    tasks.push(task);
  }
  if (tasks.length > 0) yield { tasks, end };
}
