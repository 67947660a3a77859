import { Worker } from 'node:worker_threads';
import type { Clock } from '../core/clock.ts';
import { exited } from './answers.ts';
import { createFlight, type Flight } from './flight.ts';
import type { LambdaAnswer } from './lambda.ts';
import type { FromThread, ThreadSettings, ToThread } from './messages.ts';
import { createOutbox } from './outbox.ts';

/** One function of the stack. */
export interface LambdaFunction extends Omit<ThreadSettings, 'handlerName'> {
  name: string;
  arn: string;
  /** Default `handler`. */
  handlerName?: string;
  environment: Readonly<Record<string, string>>;
}

/** Where a function runs: one thread that serves many invocations at once, until something kills it. */
export interface Environment {
  readonly alive: boolean;
  invoke(requestId: string, arn: string, payload: string): Promise<LambdaAnswer>;
  close(): Promise<void>;
}

/** Lambda gives the code outside the handler ten seconds; they do not count against the time limit. */
const INIT_LIMIT_MS = 10_000;
/** A thread that has not answered a ping for so long is deaf: it loops, and only ending it helps. */
const PULSE_LIMIT_MS = 1_000;

/** Starts a thread for the function. What it prints goes to `onLog`, in the pieces in which it came. */
export function createEnvironment(
  settings: LambdaFunction,
  clock: Clock,
  onLog: (text: string) => void,
): Environment {
  const worker = startThread(settings, onLog);
  const post = (message: ToThread) => worker.postMessage(message);
  const flight: Flight = createFlight(settings.timeoutSeconds, clock, () => void feelPulse());
  const send = createOutbox((invocations) => {
    if (alive) post({ type: 'invoke', invocations });
  });
  let alive = true;
  let ready = false;
  let pulse: AbortController | undefined;

  const bury = (answer: (requestId: string) => LambdaAnswer) => {
    alive = false;
    pulse?.abort();
    flight.answerAll(answer);
  };
  const kill = async () => {
    bury((requestId) => exited(requestId, 'signal: killed'));
    await worker.terminate();
  };
  /** A late invocation alone is no reason to end the thread: others in it would be lost. */
  const feelPulse = async () => {
    if (pulse || !alive) return;
    pulse = new AbortController();
    post({ type: 'ping' });
    const deaf = await clock.sleep(PULSE_LIMIT_MS, pulse.signal).then(
      () => true,
      () => false,
    );
    pulse = undefined;
    if (deaf) await kill();
  };
  const receive = (message: FromThread) => {
    if (message.type === 'ready') {
      ready = true;
      flight.startTimeLimits();
    } else if (message.type === 'pong') pulse?.abort();
    else if (message.type === 'fatal') {
      bury(() => ({ payload: message.payload, functionError: 'Unhandled' }));
    } else flight.answer(message.answers);
  };

  worker.on('message', receive);
  worker.on('error', (error: NodeJS.ErrnoException) => {
    const outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    bury((requestId) => exited(requestId, outOfMemory ? 'signal: killed' : 'exit status 1'));
  });
  worker.on('exit', (status) => bury((requestId) => exited(requestId, `exit status ${status}`)));

  return {
    get alive() {
      return alive;
    },
    invoke(requestId, arn, payload) {
      send(requestId, arn, payload);
      return flight.add(requestId, ready ? 0 : INIT_LIMIT_MS);
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

/** The variables that Lambda itself sets, and none of this machine's. */
function runtimeEnvironment({ name, memoryMb, handlerName = 'handler' }: LambdaFunction) {
  return {
    _HANDLER: `index.${handlerName}`,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    // More than one at a time: what loggers and SDK clients remember is kept apart by invocation.
    AWS_LAMBDA_MAX_CONCURRENCY: '64',
  };
}
