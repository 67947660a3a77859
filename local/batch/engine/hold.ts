import type { Clock } from '../../core/clock.ts';

/** Virtual time stands still while a hold is on, as it does for work that takes no time. */
export interface Hold {
  /** Waits for the promise and lets time pass meanwhile. */
  letGoFor<T>(promise: Promise<T>): Promise<T>;
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
    async letGoFor(promise) {
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
