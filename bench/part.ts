import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A separate process that answers one request at a time. */
export interface Part<Request, Answer> {
  /** Rejects when the process ends without an answer. */
  ask(request: Request): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts a file of this folder that calls `answerRequests`. */
export function startPart<Request extends object, Answer>(file: string): Part<Request, Answer> {
  const child = fork(join(import.meta.dirname, file), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return {
    async ask(request) {
      child.send(request);
      return nextMessage<Answer>(child);
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}

async function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  const done = new AbortController();
  const { signal } = done;
  const message = once(child, 'message', { signal });
  const exit = once(child, 'exit', { signal }).then(([status, killedBy]) => {
    throw new Error(`a process of the benchmark ended: ${killedBy ?? `exit code ${status}`}`);
  });
  try {
    return (await Promise.race([message, exit]))[0] as Message;
  } finally {
    for (const loser of [message, exit]) loser.catch(() => {});
    done.abort();
  }
}

/** In the process of a part: answers requests until the parent disconnects. A failed request ends the process. */
export function answerRequests<Request, Answer extends object>(
  answer: (request: Request) => Promise<Answer>,
): void {
  process.on('message', (request) => {
    void answer(request as Request).then((found) => process.send?.(found));
  });
  process.on('disconnect', () => process.exit());
}
