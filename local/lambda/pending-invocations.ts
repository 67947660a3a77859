import { AwsError } from '../core/aws-error.ts';
import type { Clock } from '../core/clock.ts';
import { timedOut } from './answers.ts';
import type { LambdaAnswer } from './lambda.ts';

/** The invocations that one thread has not answered yet, and their time limits. */
export interface PendingInvocations {
  /** Resolves with the thread's answer, or `graceMs` after the time limit with a timed-out one. */
  add(requestId: string, graceMs: number): Promise<LambdaAnswer>;
  /** Restarts the time limit of every pending invocation. */
  startTimeLimits(): void;
  /** Takes a message of the thread. Late answers are dropped. */
  answer(answers: readonly string[]): void;
  answerAll(answer: (requestId: string) => LambdaAnswer): void;
}

interface Invocation {
  deadline: number;
  resolve: (answer: LambdaAnswer) => void;
  reject: (error: Error) => void;
}

/** Reason with which a sleep is ended early. Without a reason, each abort would make an error with a stack. */
const WOKEN = 'woken';

/** Calls `onLate` whenever a time limit has passed. */
export function createPendingInvocations(
  timeoutSeconds: number,
  clock: Clock,
  onLate: () => void,
): PendingInvocations {
  // All have the same limit, so the oldest one is due first and one timer is enough.
  const pending = new Map<string, Invocation>();
  let alarm = new AbortController();
  let watching = false;

  const take = (requestId: string) => {
    const invocation = pending.get(requestId);
    pending.delete(requestId);
    return invocation;
  };

  const expire = () => {
    const now = clock.now();
    let late = false;
    for (const [requestId, { deadline, resolve }] of pending) {
      if (deadline > now) break;
      pending.delete(requestId);
      resolve(timedOut(requestId, timeoutSeconds));
      late = true;
    }
    if (late) onLate();
  };

  const watch = async () => {
    watching = true;
    for (let oldest = first(pending); oldest; oldest = first(pending)) {
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
        pending.set(requestId, { deadline, resolve, reject });
        if (!watching) void watch();
      }),
    startTimeLimits() {
      const deadline = clock.now() + timeoutSeconds * 1000;
      for (const invocation of pending.values()) invocation.deadline = deadline;
      alarm.abort(WOKEN);
    },
    answer(answers) {
      for (let i = 0; i < answers.length; i += 3) {
        const [kind, payload] = [answers[i + 1], answers[i + 2] as string];
        const invocation = take(answers[i] as string);
        if (kind === 'InvalidRequestContent') invocation?.reject(invalidRequestContent(payload));
        else invocation?.resolve(kind === 'Unhandled' ? { payload, functionError: kind } : { payload });
      }
      if (pending.size === 0) alarm.abort(WOKEN);
    },
    answerAll(answer) {
      for (const [requestId, { resolve }] of pending) resolve(answer(requestId));
      pending.clear();
      alarm.abort(WOKEN);
    },
  };
}

const first = <T>(map: ReadonlyMap<string, T>): T | undefined => map.values().next().value;

const invalidRequestContent = (reason: string) =>
  new AwsError('InvalidRequestContentException', 400, `Could not parse request body into json: ${reason}`);
