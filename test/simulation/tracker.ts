export type Track = <T>(work: Promise<T>) => Promise<T>;

/** Counts pending work; `rest` resolves when there is none. */
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
