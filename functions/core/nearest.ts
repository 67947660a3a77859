/** Edits (insert, delete, replace a letter, swap two) that turn one word into the other. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}

/** The words of a name in one order: `S3CopyObject` is close to `S3PutObjectCopy`. */
const wordsOf = (name: string) =>
  name
    .split(/(?=[A-Z])|[^A-Za-z0-9]+/)
    .map((word) => word.toLowerCase())
    .sort()
    .join('');

/** No known name is longer, and the time of a comparison grows with both lengths. */
const MAX_TYPED = 64;

/** More names that are equally close say nothing. */
const MAX_EQUAL = 3;

/** The known names that a mistyped one most likely stands for: none, or up to three that are equally close. */
export function nearest(text: string, names: readonly string[]): string[] {
  const typed = text.trim();
  if (typed.length > MAX_TYPED) return [];
  const lower = typed.toLowerCase();
  const longer = names.filter((name) => typed.length > 2 && name.toLowerCase().startsWith(lower));
  const editsOf = (name: string) =>
    Math.min(
      distance(lower, name.toLowerCase()),
      distance(wordsOf(typed), wordsOf(name)),
      longer.length === 1 && longer[0] === name ? 1 : Number.POSITIVE_INFINITY,
    );
  const close = names
    .map((name) => ({ name, edits: editsOf(name) }))
    .filter(({ name, edits }) => edits < name.length && edits <= Math.max(2, name.length / 3));
  const least = Math.min(...close.map(({ edits }) => edits));
  const best = close.filter(({ edits }) => edits === least).map(({ name }) => name);
  return best.length > MAX_EQUAL ? [] : best;
}
