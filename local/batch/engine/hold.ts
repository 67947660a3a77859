import type { Clock } from '../../core/clock.ts';

/** While a hold is active, virtual time does not pass. */
export interface Hold {
  /** Waits for the promise and lets time pass while it waits. */
  releaseFor<T>(promise: Promise<T>): Promise<T>;
  end(): void;
}

export function holdTime(clock: Clock): Hold {
  let release = () => {};
  const take = () => {
    void clock.busy(
      () =>
        new Promise<void>((resolve) => {
          release = resolve;
        }),
    );
  };
  take();
  return {
    async releaseFor(promise) {
      release();
      try {
        return await promise;
      } finally {
        take();
      }
    },
    end: () => release(),
  };
}
