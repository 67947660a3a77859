/** The time source of `local/`. No other file may call `Date.now`, `setTimeout` or `setInterval`. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds of this clock; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `fire` after `ms` milliseconds of this clock. The returned function cancels the call. */
  timer(ms: number, fire: () => void): () => void;
  /** Runs work that takes no time of this clock: virtual time stops until it settles. */
  busy<T>(work: () => Promise<T>): Promise<T>;
}

export interface VirtualClock extends Clock {
  /** Moves time from timer to timer until the promise settles. Throws when no timer is left. */
  runUntil<T>(promise: Promise<T>): Promise<T>;
  /** During busy work: lets time pass until the promise settles. */
  idle<T>(promise: Promise<T>): Promise<T>;
  /** Lets `ms` milliseconds pass and fires every timer that becomes due. */
  advance(ms: number): Promise<void>;
}

/** Longest delay of Node's timers. A longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** One turn of the event loop: runs all promise callbacks that are ready, and pending I/O. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The time of this machine. Sleeps are `speed` times shorter; `now` is unchanged. */
export function realClock(speed = 1): Clock {
  const timer: Clock['timer'] = (ms, fire) => {
    const end = performance.now() + ms / speed;
    let timeout: NodeJS.Timeout;
    const wait = () => {
      const left = end - performance.now();
      timeout = setTimeout(
        left > MAX_TIMER_MS ? wait : fire,
        Math.min(Math.max(0, Math.ceil(left)), MAX_TIMER_MS),
      );
    };
    wait();
    return () => clearTimeout(timeout);
  };
  return {
    now: () => Date.now(),
    busy: (work) => work(),
    timer,
    sleep: sleepBy(timer),
  };
}

const sleepBy =
  (timer: Clock['timer']): Clock['sleep'] =>
  (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => {
        cancel();
        reject(signal?.reason);
      };
      const cancel = timer(ms, () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      signal?.addEventListener('abort', abort, { once: true });
    });

interface Timer {
  at: number;
  order: number;
  fire: () => void;
}

/** Time that moves only by the methods below, from timer to timer: a three-day wait takes microseconds. */
export function virtualClock(startMs: number): VirtualClock {
  let now = startMs;
  let order = 0;
  let busy = 0;
  const timers: Timer[] = [];

  const nextTimer = () =>
    timers.reduce<Timer | undefined>(
      (first, timer) =>
        !first || timer.at < first.at || (timer.at === first.at && timer.order < first.order) ? timer : first,
      undefined,
    );
  const remove = (timer: Timer) => {
    const index = timers.indexOf(timer);
    if (index >= 0) timers.splice(index, 1);
  };

  const timer: Clock['timer'] = (ms, fire) => {
    const added: Timer = { at: now + Math.max(0, ms), order: order++, fire };
    timers.push(added);
    return () => remove(added);
  };

  const settle = async () => {
    do await turn();
    while (busy > 0);
  };

  return {
    now: () => now,
    async busy(work) {
      busy++;
      try {
        return await work();
      } finally {
        busy--;
      }
    },
    async idle(promise) {
      busy--;
      try {
        return await promise;
      } finally {
        busy++;
      }
    },
    timer,
    sleep: sleepBy(timer),
    async runUntil(promise) {
      let settled = false;
      const done = promise.finally(() => {
        settled = true;
      });
      done.catch(() => {});
      for (await settle(); !settled; await settle()) {
        const timer = nextTimer();
        if (!timer) throw new Error('no timer is left on the virtual clock');
        remove(timer);
        now = Math.max(now, timer.at);
        timer.fire();
      }
      return done;
    },
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (let timer = nextTimer(); timer && timer.at <= end; timer = nextTimer()) {
        remove(timer);
        now = Math.max(now, timer.at);
        timer.fire();
        await settle();
      }
      now = end;
    },
  };
}
