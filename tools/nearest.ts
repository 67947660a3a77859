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

/** The known name that a mistyped one most likely stands for; undefined when none is near. */
export function nearest(text: string, names: readonly string[]): string | undefined {
  const typed = text.trim().toLowerCase();
  const longer = names.filter((name) => typed.length > 2 && name.toLowerCase().startsWith(typed));
  if (longer.length === 1) return longer[0];
  const [best] = names
    .map((name) => ({ name, edits: distance(typed, name.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  return best && best.edits <= Math.max(2, best.name.length / 3) ? best.name : undefined;
}
