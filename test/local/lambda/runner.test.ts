import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { realClock } from '../../../local/core/clock.ts';
import { createRandom } from '../../../local/core/random.ts';
import type { LambdaFunction } from '../../../local/lambda/environment.ts';
import { functionArn } from '../../../local/lambda/function-name.ts';
import { createLambda, type LambdaRunner } from '../../../local/lambda/runner.ts';

const support = join(import.meta.dirname, '../../support/lambda');

const definition = (name: string, overrides: Partial<LambdaFunction> = {}): LambdaFunction => ({
  name,
  arn: functionArn(name),
  file: join(support, 'probe.mjs'),
  timeoutSeconds: 10,
  memoryMb: 128,
  environment: { POWERTOOLS_LOG_LEVEL: 'INFO', TABLE: 'tasks' },
  ...overrides,
});

let lambda: LambdaRunner;
let logs: string;
beforeAll(() => {
  lambda = createLambda({
    clock: realClock(),
    random: createRandom('runner'),
    onLog: (_name, text) => {
      logs += text;
    },
    functions: [
      definition('probe'),
      definition('hasty', { timeoutSeconds: 0.1 }),
      definition('mortal', { memoryMb: 40 }),
      definition('broken', { file: join(support, 'broken.mjs') }),
      definition('headless', { handlerName: 'nothing' }),
    ],
  });
});
afterAll(() => lambda.close());

const answerOf = (name: string, event: object) => lambda.invoke(name, JSON.stringify(event));
const resultOf = async (name: string, event: object) => JSON.parse((await answerOf(name, event)).payload);

describe('an invocation', () => {
  test('answers the result of the handler as JSON', async () => {
    expect(await answerOf('probe', { do: 'echo', list: [1, 'ü'] })).toEqual({
      payload: '{"do":"echo","list":[1,"ü"]}',
    });
  });

  test('answers null when the handler returns nothing', async () => {
    expect(await answerOf('probe', { do: 'nothing' })).toEqual({ payload: 'null' });
  });

  test('has the environment of its own function and nothing of this machine', async () => {
    const names = ['TABLE', 'AWS_LAMBDA_FUNCTION_NAME', 'HOME', 'PATH'];
    expect(await resultOf('probe', { do: 'env', names })).toEqual(['tasks', 'probe', null, null]);
  });

  test('gets the context that Lambda gives', async () => {
    const { remaining, ...context } = await resultOf(`${functionArn('probe')}:7`, { do: 'context' });
    expect(context).toMatchObject({
      functionName: 'probe',
      functionVersion: '7',
      invokedFunctionArn: `${functionArn('probe')}:7`,
      memoryLimitInMB: '128',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(remaining).toBeGreaterThan(9_000);
    expect(remaining).toBeLessThanOrEqual(10_000);
  });

  test.each([
    'probe',
    'probe:$LATEST',
    '000000000000:function:probe',
    functionArn('probe'),
    `${functionArn('probe')}:$LATEST`,
    `${functionArn('probe')}:12`,
  ])('finds the function by %s', async (name) => {
    expect(await resultOf(name, { do: 'echo' })).toEqual({ do: 'echo' });
  });

  test.each([
    'unknown',
    'probe:alias',
    'arn:aws:lambda:us-east-1:123456789012:function:probe',
    'arn:aws:lambda:eu-west-1:000000000000:function:probe',
  ])('of %s is refused as not found', async (name) => {
    await expect(answerOf(name, {})).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      status: 404,
    });
  });

  test('among many at once is answered with its own result', async () => {
    const numbers = Array.from({ length: 500 }, (_, n) => n);
    const results = await Promise.all(numbers.map((n) => resultOf('probe', { do: 'echo', n })));
    expect(results.map(({ n }) => n)).toEqual(numbers);
  });

  test('among many in one thread logs its own keys, not those of another', async () => {
    logs = '';
    await Promise.all([
      resultOf('probe', { do: 'log', jobRequestId: 'a', turns: 5 }),
      resultOf('probe', { do: 'log', jobRequestId: 'b', turns: 1 }),
    ]);
    await resultOf('probe', { do: 'echo' });
    const lines = logs
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ message, jobRequestId }) => [message, jobRequestId]).sort()).toEqual([
      ['line of a', 'a'],
      ['line of b', 'b'],
    ]);
  });
});

describe('an invocation that goes wrong', () => {
  test('is answered with the name and message of the thrown error', async () => {
    const { payload, functionError } = await answerOf('probe', {
      do: 'fail',
      name: 'Throttled',
      message: 'slow down',
    });
    expect(functionError).toBe('Unhandled');
    expect(JSON.parse(payload)).toMatchObject({
      errorType: 'Throttled',
      errorMessage: 'slow down',
      trace: expect.arrayContaining([expect.stringContaining('slow down')]),
    });
  });

  test('is answered with the type of a thrown value that is not an Error', async () => {
    expect(await resultOf('probe', { do: 'failWithText', message: 'no' })).toEqual({
      errorType: 'string',
      errorMessage: 'no',
      trace: [],
    });
  });

  test('because its result cannot be JSON says so', async () => {
    expect(await resultOf('probe', { do: 'circular' })).toMatchObject({
      errorMessage: 'Unable to stringify response body',
    });
  });

  test('because its result is over the limit says so, and one at the limit passes', async () => {
    const limit = 6_291_556;
    expect(await resultOf('probe', { do: 'big', bytes: limit })).toHaveLength(limit - 2);
    expect(await resultOf('probe', { do: 'big', bytes: limit + 1 })).toMatchObject({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: expect.stringContaining('6291556 bytes'),
    });
  });

  test('because its payload is over 6 MB or not JSON is refused', async () => {
    const tooLarge = JSON.stringify('ü'.repeat(3 * 1024 * 1024));
    await expect(lambda.invoke('probe', tooLarge)).rejects.toMatchObject({
      code: 'RequestTooLargeException',
      status: 413,
    });
    await expect(lambda.invoke('probe', '{"cut')).rejects.toMatchObject({
      code: 'InvalidRequestContentException',
      status: 400,
    });
  });

  test('because the bundle cannot be loaded is answered with the error of loading it', async () => {
    expect(await resultOf('broken', {})).toMatchObject({
      errorType: 'ConfigurationMissing',
      errorMessage: 'no configuration',
    });
    expect(await resultOf('headless', {})).toMatchObject({
      errorType: 'Runtime.HandlerNotFound',
      errorMessage: 'index.nothing is undefined or not exported',
    });
  });
});

describe('a time limit', () => {
  test('that has passed is answered as Lambda does', async () => {
    const { payload, functionError } = await answerOf('hasty', { do: 'hang' });
    expect(functionError).toBe('Unhandled');
    expect(JSON.parse(payload)).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(
        /^RequestId: [0-9a-f-]{36} Error: Task timed out after 0\.10 seconds$/,
      ),
    });
  });

  test('of one invocation does not affect the others in the thread', async () => {
    const before = await resultOf('hasty', { do: 'count' });
    const waiting = resultOf('hasty', { do: 'wait' });
    await resultOf('hasty', { do: 'release' });
    expect(await waiting).toBe('released');
    await answerOf('hasty', { do: 'hang' });
    expect(await resultOf('hasty', { do: 'count' })).toBe(before + 1);
  });

  test('of one that never yields ends the thread, and the next invocation gets a new one', async () => {
    expect(await resultOf('hasty', { do: 'count' })).toBeGreaterThan(1);
    expect(await resultOf('hasty', { do: 'spin' })).toMatchObject({ errorType: 'Sandbox.Timedout' });
    let next = await answerOf('hasty', { do: 'count' });
    while (next.functionError) next = await answerOf('hasty', { do: 'count' });
    expect(next.payload).toBe('1');
  });
});

describe('a thread that exits', () => {
  const killed = /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: signal: killed$/;

  test('for lack of memory answers all pending invocations as a killed environment', async () => {
    const waiting = resultOf('mortal', { do: 'hang' });
    expect(await resultOf('mortal', { do: 'eatMemory' })).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(killed),
    });
    expect(await waiting).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(killed),
    });
    expect(await resultOf('mortal', { do: 'echo' })).toEqual({ do: 'echo' });
  });

  test('because the handler exits says with which status', async () => {
    expect(await resultOf('mortal', { do: 'exit', status: 3 })).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining('exit status 3'),
    });
  });

  test('because of an unhandled rejection says which', async () => {
    expect(await resultOf('mortal', { do: 'reject' })).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'Error: not awaited',
    });
  });
});
