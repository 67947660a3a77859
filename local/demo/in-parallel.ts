/** Does the work for every entry, at most `width` at a time. Rejects with the first failure. */
export async function inParallel<T>(
  entries: readonly T[],
  width: number,
  work: (entry: T) => Promise<void>,
): Promise<void> {
  const rest = entries.values();
  const lane = async () => {
    for (const entry of rest) await work(entry);
  };
  await Promise.all(Array.from({ length: width }, lane));
}
