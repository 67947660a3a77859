import type { ActionContext } from './action.ts';
import type { LambdaContext } from './contract.ts';
import { ActionFailure } from './failures.ts';

/** Reserved at the end of an invocation for the answer. */
const ANSWER_MARGIN_MS = 1000;

const outOfTime = () => new ActionFailure('TemporaryFailure', 'ran out of time; try again');

/** The context of the actions of one invocation, with its time limit. */
export class Invocation implements ActionContext<never> {
  readonly arguments: never;
  readonly jobId: string;
  readonly remainingMs: () => number;
  readonly #timer: NodeJS.Timeout;
  readonly #running = new Set<(error: Error) => void>();
  #isOver = false;
  #controller: AbortController | undefined;

  constructor(lambda: LambdaContext, values: object, jobId: string) {
    this.arguments = values as never;
    this.jobId = jobId;
    this.remainingMs = () => Math.max(0, lambda.getRemainingTimeInMillis() - ANSWER_MARGIN_MS);
    const ms = this.remainingMs();
    this.#isOver = ms === 0;
    this.#timer = setTimeout(() => this.#end(), ms);
  }

  /** Made when an action first reads it: a signal costs more time than the rest of the invocation. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isOver) this.#controller.abort(outOfTime());
    return this.#controller.signal;
  }

  /** Settles like `work`, or rejects when the time is over, even if `work` never ends. */
  inTime<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isOver) return Promise.reject(outOfTime());
    return new Promise((resolve, reject) => {
      this.#running.add(reject);
      Promise.resolve(work()).then(resolve, reject);
    });
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #end() {
    this.#isOver = true;
    this.#controller?.abort(outOfTime());
    for (const reject of this.#running) reject(outOfTime());
  }
}
