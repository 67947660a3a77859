// A function for tests of the Lambda runner: it does what the event says.
import { Logger } from '@aws-lambda-powertools/logger';

const logger = new Logger({ serviceName: 'probe' });
let calls = 0;
let release;
const gate = new Promise((resolve) => {
  release = resolve;
});

const actions = {
  echo: (event) => event,
  nothing: () => undefined,
  count: () => ++calls,
  env: ({ names }) => names.map((name) => process.env[name] ?? null),
  context: (_event, context) => ({ ...context, remaining: context.getRemainingTimeInMillis() }),
  fail: ({ name, message }) => {
    throw Object.assign(new Error(message), { name });
  },
  failWithText: ({ message }) => {
    throw message;
  },
  big: ({ bytes }) => 'x'.repeat(bytes - 2),
  circular: () => {
    const loop = {};
    loop.loop = loop;
    return loop;
  },
  hang: () => new Promise(() => {}),
  spin: () => {
    for (;;);
  },
  eatMemory: () => {
    const eaten = [];
    for (;;) eaten.push(new Array(10_000).fill({ bytes: eaten.length }));
  },
  exit: ({ status }) => process.exit(status),
  reject: async () => {
    void Promise.reject(new Error('not awaited'));
    await new Promise(() => {});
  },
  wait: () => gate,
  release: () => release('released'),
  log: async ({ jobRequestId, turns }) => {
    logger.resetKeys();
    logger.appendKeys({ jobRequestId });
    for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
    logger.info(`line of ${jobRequestId}`);
  },
};

export const handler = async (event, context) => actions[event.do](event, context);
