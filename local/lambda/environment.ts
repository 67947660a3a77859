import { Worker } from 'node:worker_threads';
import type { Clock } from '../core/clock.ts';
import { exited } from './answers.ts';
import type { LambdaAnswer } from './lambda.ts';
import type { FromThread, ThreadSettings, ToThread } from './messages.ts';
import { createOutbox } from './outbox.ts';
import { createPendingInvocations } from './pending-invocations.ts';

/** One function of the stack. */
export interface LambdaFunction extends Omit<ThreadSettings, 'handlerName'> {
  name: string;
  arn: string;
  /** Default `handler`. */
  handlerName?: string;
  environment: Readonly<Record<string, string>>;
}

/** Runs one function: a thread that serves many invocations at once, until it exits. */
export interface Environment {
  readonly alive: boolean;
  invoke(requestId: string, arn: string, payload: string): Promise<LambdaAnswer>;
  close(): Promise<void>;
}

/** Lambda gives the code outside the handler ten seconds, which do not count against the time limit. */
const INIT_LIMIT_MS = 10_000;
/** A thread that does not answer a ping within this time is stuck in a loop and is terminated. */
const PING_LIMIT_MS = 1_000;

/** Starts a thread for the function. `onLog` gets each piece of text that it prints. */
export function createEnvironment(
  settings: LambdaFunction,
  clock: Clock,
  onLog: (text: string) => void,
): Environment {
  const worker = startThread(settings, onLog);
  const post = (message: ToThread) => worker.postMessage(message);
  const pending = createPendingInvocations(settings.timeoutSeconds, clock, () => void checkThread());
  const send = createOutbox((invocations) => {
    if (alive) post({ type: 'invoke', invocations });
  });
  let alive = true;
  let ready = false;
  let ping: AbortController | undefined;

  const markExited = (answer: (requestId: string) => LambdaAnswer) => {
    alive = false;
    ping?.abort();
    pending.answerAll(answer);
  };
  const kill = async () => {
    markExited((requestId) => exited(requestId, 'signal: killed'));
    await worker.terminate();
  };
  /** A late invocation alone does not end the thread, because the other invocations in it would be lost. */
  const checkThread = async () => {
    if (ping || !alive) return;
    ping = new AbortController();
    post({ type: 'ping' });
    const isStuck = await clock.sleep(PING_LIMIT_MS, ping.signal).then(
      () => true,
      () => false,
    );
    ping = undefined;
    if (isStuck) await kill();
  };
  const receive = (message: FromThread) => {
    if (message.type === 'ready') {
      ready = true;
      pending.startTimeLimits();
    } else if (message.type === 'pong') ping?.abort();
    else if (message.type === 'fatal') {
      markExited(() => ({ payload: message.payload, functionError: 'Unhandled' }));
    } else pending.answer(message.answers);
  };

  worker.on('message', receive);
  worker.on('error', (error: NodeJS.ErrnoException) => {
    const outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    markExited((requestId) => exited(requestId, outOfMemory ? 'signal: killed' : 'exit status 1'));
  });
  worker.on('exit', (status) => markExited((requestId) => exited(requestId, `exit status ${status}`)));

  return {
    get alive() {
      return alive;
    },
    invoke(requestId, arn, payload) {
      send(requestId, arn, payload);
      return pending.add(requestId, ready ? 0 : INIT_LIMIT_MS);
    },
    close: kill,
  };
}

function startThread(settings: LambdaFunction, onLog: (text: string) => void): Worker {
  const { file, handlerName = 'handler', memoryMb, timeoutSeconds } = settings;
  const workerData: ThreadSettings = { file, handlerName, memoryMb, timeoutSeconds };
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData,
    env: { ...settings.environment, ...runtimeEnvironment(settings) },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    stdout: true,
    stderr: true,
  });
  for (const stream of [worker.stdout, worker.stderr]) stream.setEncoding('utf8').on('data', onLog);
  return worker;
}

/** The variables that Lambda itself sets. None come from this machine. */
function runtimeEnvironment({ name, memoryMb, handlerName = 'handler' }: LambdaFunction) {
  return {
    _HANDLER: `index.${handlerName}`,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    // More than one at a time: loggers and SDK clients keep their state separate for each invocation.
    AWS_LAMBDA_MAX_CONCURRENCY: '64',
  };
}
