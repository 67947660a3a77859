export type Track = <T>(work: Promise<T>) => Promise<T>;

/** Counts what is under way; `rest` resolves as soon as nothing is. */
export function createTracker(): { track: Track; rest: Promise<void> } {
  const { promise: rest, resolve } = Promise.withResolvers<void>();
  let open = 0;
  return {
    rest,
    async track(work) {
      open++;
      try {
        return await work;
      } finally {
        if (--open === 0) resolve();
      }
    },
  };
}
