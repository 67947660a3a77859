/**
 * Runs in a worker thread: loads one function's bundle and answers its invocations, many at a time, as if each had
 * an environment of its own. Payloads are JSON text. Invocations and answers are sent in batches.
 */
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { InvokeStore, InvokeStoreBase } from '@aws/lambda-invoke-store';
import { returned, thrown } from './answers.ts';
import { type Handler, invocationContext } from './context.ts';
import { parseFunctionName } from './function-name.ts';
import type { LambdaAnswer } from './lambda.ts';
import type { AnswerKind, FromThread, ThreadSettings, ToThread } from './messages.ts';
import { createOutbox } from './outbox.ts';

const port = parentPort;
if (!port) throw new Error('this file runs in a worker thread only');
const { file, handlerName, memoryMb, timeoutSeconds } = workerData as ThreadSettings;
const post = (message: FromThread) => port.postMessage(message);

/** Reports an error that no invocation caught, and exits, as the Lambda runtime does. */
function die(error: unknown, status: number): never {
  post({ type: 'fatal', payload: thrown(error).payload });
  process.exit(status);
}
process.on('uncaughtException', (error) => die(error, 129));
process.on('unhandledRejection', (reason) => {
  const error = new Error(String(reason));
  error.name = 'Runtime.UnhandledPromiseRejection';
  die(error, 128);
});

// Stack traces name the files and lines of the sources. This must precede the import of the bundle.
process.setSourceMapsEnabled(true);

// Loggers and SDK clients find this store and keep their state separate for each invocation.
const store = await InvokeStore.getInstanceAsync();
const handler = await loadHandler();

async function loadHandler(): Promise<Handler> {
  const bundle = (await import(pathToFileURL(file).href).catch((error) => die(error, 1))) as Record<
    string,
    unknown
  >;
  const exported = bundle[handlerName];
  if (typeof exported === 'function') return exported as Handler;
  const missing = new Error(`index.${handlerName} is undefined or not exported`);
  missing.name = 'Runtime.HandlerNotFound';
  return die(missing, 1);
}

async function run(event: unknown, requestId: string, functionName: string): Promise<LambdaAnswer> {
  const received = performance.now();
  const remaining = () => Math.max(0, Math.round(timeoutSeconds * 1000 - (performance.now() - received)));
  const context = invocationContext(parseFunctionName(functionName), requestId, memoryMb, remaining);
  const scope = { [InvokeStoreBase.PROTECTED_KEYS.REQUEST_ID]: requestId };
  try {
    return returned(await store.run(scope, () => handler(event, context)));
  } catch (error) {
    return thrown(error);
  }
}

const send = createOutbox((answers) => post({ type: 'answers', answers }));

function accept(requestId: string, functionName: string, payload: string) {
  let event: unknown;
  try {
    event = JSON.parse(payload);
  } catch (error) {
    const kind: AnswerKind = 'InvalidRequestContent';
    return send(requestId, kind, String(error));
  }
  void run(event, requestId, functionName).then((answer) =>
    send(requestId, answer.functionError ?? '', answer.payload),
  );
}

port.on('message', (message: ToThread) => {
  if (message.type === 'ping') return post({ type: 'pong' });
  const { invocations } = message;
  for (let i = 0; i < invocations.length; i += 3) {
    accept(invocations[i] as string, invocations[i + 1] as string, invocations[i + 2] as string);
  }
});
post({ type: 'ready' });
