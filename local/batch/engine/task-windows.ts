import { createLoopTurns } from '../loop-turns.ts';
import { type Manifest, type ManifestPosition, positionAfter } from '../manifest/manifest.ts';
import type { Task } from '../task.ts';
import { isInKeyOrder, mergeByKey, sortByKey } from './key-order.ts';

/** Tasks that all complete before the next window begins. */
export interface TaskWindow {
  tasks: readonly Task[];
  /** Position after all tasks so far; undefined while a later window still has some of them. */
  end: ManifestPosition | undefined;
}

/** The engine waits for all tasks at the end of a window, so windows are large. */
const WINDOW_TASKS = 20_000;

/**
 * This many tasks are sorted by key at a time. A store that keeps objects in key order then has several tasks for each
 * of its pages, even for a shuffled manifest: with a fifth of this number, a million objects take over twice as long.
 * It also limits the recorded tasks that a restarted job reads.
 */
const SORTED_TASKS = 100_000;

/** Windows of tasks from the position on, in the order of the manifest. */
export async function* taskWindows(manifest: Manifest, from: ManifestPosition): AsyncGenerator<TaskWindow> {
  const yieldToLoop = createLoopTurns();
  let tasks: Task[] = [];
  let end = from;
  for await (const piece of manifest.tasks(from)) {
    tasks.push(...piece);
    end = piece.length > 0 ? positionAfter(piece.at(-1) as Task) : end;
    if (tasks.length >= WINDOW_TASKS) {
      yield { tasks, end };
      tasks = [];
    }
    await yieldToLoop();
  }
  if (tasks.length > 0) yield { tasks, end };
}

/** Small windows of tasks from the position on, in key order within `SORTED_TASKS` rows of the manifest. */
export async function* sortedTaskWindows(
  manifest: Manifest,
  from: ManifestPosition,
): AsyncGenerator<TaskWindow> {
  const yieldToLoop = createLoopTurns();
  let pieces: Task[][] = [];
  let count = 0;
  let end = from;
  for await (const piece of manifest.tasks(from)) {
    if (piece.length === 0) continue;
    end = positionAfter(piece.at(-1) as Task);
    if (count === 0 && isInKeyOrder(piece)) {
      // Tasks that are used at once are freed before the garbage collector moves them to its old generation.
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
    await yieldToLoop();
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
