import { AwsError } from '../core/aws-error.ts';
import type { Clock } from '../core/clock.ts';
import { timedOut } from './answers.ts';
import type { LambdaAnswer } from './lambda.ts';

/** The invocations that one thread has not answered yet, and their time limits. */
export interface Flight {
  /** Resolves with the thread's answer, or with a timed-out one `graceMs` after the limit. */
  add(requestId: string, graceMs: number): Promise<LambdaAnswer>;
  /** Gives all that is in flight its full time limit from now on. */
  startTimeLimits(): void;
  /** Takes a message of the thread; answers that come too late are dropped. */
  answer(answers: readonly string[]): void;
  answerAll(answer: (requestId: string) => LambdaAnswer): void;
}

interface Invocation {
  deadline: number;
  resolve: (answer: LambdaAnswer) => void;
  reject: (error: Error) => void;
}

/** Why a sleep ended early; without one each abort would make an error with a stack. */
const ROUSED = 'roused';

/** `onLate` is called whenever a time limit has passed. */
export function createFlight(timeoutSeconds: number, clock: Clock, onLate: () => void): Flight {
  // All have the same limit, so the oldest is always the first one due and one timer serves them all.
  const inFlight = new Map<string, Invocation>();
  let alarm = new AbortController();
  let watching = false;

  const take = (requestId: string) => {
    const invocation = inFlight.get(requestId);
    inFlight.delete(requestId);
    return invocation;
  };

  const expire = () => {
    const now = clock.now();
    let late = false;
    for (const [requestId, { deadline, resolve }] of inFlight) {
      if (deadline > now) break;
      inFlight.delete(requestId);
      resolve(timedOut(requestId, timeoutSeconds));
      late = true;
    }
    if (late) onLate();
  };

  const watch = async () => {
    watching = true;
    for (let oldest = first(inFlight); oldest; oldest = first(inFlight)) {
      alarm = new AbortController();
      await clock.sleep(oldest.deadline - clock.now(), alarm.signal).catch(() => {});
      expire();
    }
    watching = false;
  };

  return {
    add: (requestId, graceMs) =>
      new Promise((resolve, reject) => {
        const deadline = clock.now() + timeoutSeconds * 1000 + graceMs;
        inFlight.set(requestId, { deadline, resolve, reject });
        if (!watching) void watch();
      }),
    startTimeLimits() {
      const deadline = clock.now() + timeoutSeconds * 1000;
      for (const invocation of inFlight.values()) invocation.deadline = deadline;
      alarm.abort(ROUSED);
    },
    answer(answers) {
      for (let i = 0; i < answers.length; i += 3) {
        const [kind, payload] = [answers[i + 1], answers[i + 2] as string];
        const invocation = take(answers[i] as string);
        if (kind === 'InvalidRequestContent') invocation?.reject(invalidRequestContent(payload));
        else invocation?.resolve(kind === 'Unhandled' ? { payload, functionError: kind } : { payload });
      }
      if (inFlight.size === 0) alarm.abort(ROUSED);
    },
    answerAll(answer) {
      for (const [requestId, { resolve }] of inFlight) resolve(answer(requestId));
      inFlight.clear();
      alarm.abort(ROUSED);
    },
  };
}

const first = <T>(map: ReadonlyMap<string, T>): T | undefined => map.values().next().value;

const invalidRequestContent = (reason: string) =>
  new AwsError('InvalidRequestContentException', 400, `Could not parse request body into json: ${reason}`);
