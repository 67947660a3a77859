import type { Task } from '../task.ts';

/** Tasks on the same object stay in the order of the manifest. */
const byKey = (a: Task, b: Task): number =>
  compare(a.bucket, b.bucket) || compare(a.key, b.key) || a.number - b.number;

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export const isInKeyOrder = (tasks: readonly Task[]): boolean =>
  tasks.every((task, index) => index === 0 || byKey(tasks[index - 1] as Task, task) < 0);

export const sortByKey = (tasks: Task[]): Task[] => tasks.sort(byKey);

/** Merges sorted lists into key order, task by task: unlike a sort, it returns the first task at once. */
export function* mergeByKey(lists: readonly (readonly Task[])[]): Generator<Task> {
  /** The rest of each list in reverse order. The lists are sorted by their next task in descending order. */
  const rest: Task[][] = [];
  for (const list of lists) insert(rest, list.toReversed());
  for (let list = rest.pop(); list; list = rest.pop()) {
    yield list.pop() as Task;
    insert(rest, list);
  }
}

function insert(rest: Task[][], list: Task[]): void {
  const next = list.at(-1);
  if (!next) return;
  let [low, high] = [0, rest.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byKey(rest[middle]?.at(-1) as Task, next) > 0) low = middle + 1;
    else high = middle;
  }
  rest.splice(low, 0, list);
}
