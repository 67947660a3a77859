import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { virtualClock } from '../../../local/core/clock.ts';
import { createRandom } from '../../../local/core/random.ts';
import type { FaultEffect } from '../../../local/faults/fault.ts';
import { createFaults, type Faults } from '../../../local/faults/faults.ts';
import { lambdaWithFaults } from '../../../local/faults/lambda-faults.ts';
import type { Lambda } from '../../../local/lambda/lambda.ts';
import { startServices, TOPIC } from '../../support/services.ts';
import { functionArn, MACHINE_ARN } from '../../support/states.ts';

const clock = virtualClock(0);
const random = createRandom('functions');
let runs: string[];
let faults: Faults;
let lambda: Lambda;
beforeEach(() => {
  runs = [];
  faults = createFaults({ clock, random });
  const plain: Lambda = {
    async invoke(name) {
      runs.push(name);
      return { payload: '"done"' };
    },
  };
  lambda = lambdaWithFaults(plain, faults, random);
});

const meet = (effect: FaultEffect) => faults.set([{ service: 'lambda', effect, times: 1 }]);
const invoke = (name = functionArn('worker')) => clock.runUntil(lambda.invoke(name, '{}'));

describe('an invocation', () => {
  test('throws by a functionError fault, and runs only with afterWork', async () => {
    meet({ type: 'functionError', errorType: 'TypeError', errorMessage: 'x is undefined' });
    expect(await invoke()).toEqual({
      payload: '{"errorType":"TypeError","errorMessage":"x is undefined","trace":[]}',
      functionError: 'Unhandled',
    });
    expect(runs).toEqual([]);
    meet({ type: 'functionError', errorType: 'Runtime.ExitError', afterWork: true });
    expect((await invoke()).payload).toContain('Runtime.ExitError');
    expect(runs).toHaveLength(1);
    expect(await invoke()).toEqual({ payload: '"done"' });
  });

  test('times out after the seconds of a timeOut fault', async () => {
    const start = clock.now();
    meet({ type: 'timeOut', seconds: 30, afterWork: true });
    const { payload, functionError } = await invoke();
    expect({ functionError, ...JSON.parse(payload) }).toEqual({
      functionError: 'Unhandled',
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: \S{36} Error: Task timed out after 30.00 seconds$/),
    });
    expect(clock.now() - start).toBe(30_000);
    expect(runs).toHaveLength(1);
  });

  test.each<[FaultEffect, object]>([
    [{ type: 'throttle' }, { code: 'TooManyRequestsException', status: 429 }],
    [{ type: 'error' }, { code: 'ServiceException', status: 500 }],
    [
      { type: 'error', status: 503 },
      { code: 'ServiceException', status: 503 },
    ],
    [{ type: 'disconnect' }, { code: 'ECONNRESET' }],
  ])('that Lambda does not do for %j rejects', async (effect, error) => {
    meet(effect);
    await expect(invoke()).rejects.toMatchObject(error);
    expect(runs).toEqual([]);
  });

  test('is delayed by a delay fault', async () => {
    const start = clock.now();
    meet({ type: 'delay', seconds: 12 });
    expect(await invoke()).toEqual({ payload: '"done"' });
    expect(clock.now() - start).toBe(12_000);
  });

  test.each(['api-worker', functionArn('api-worker'), `${functionArn('api-worker')}:7`])(
    'matches a fault by the name of its function for any form of the name: %s',
    async (name) => {
      faults.set([{ service: 'lambda', match: { functionName: '*-worker' }, effect: { type: 'throttle' } }]);
      await expect(invoke(name)).rejects.toMatchObject({ status: 429 });
      expect(await invoke('worker')).toEqual({ payload: '"done"' });
    },
  );
});

describe('a state machine', () => {
  const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 9 }];
  const states = {
    Work: { Type: 'Task', Resource: functionArn('work'), Retry, Next: 'Publish' },
    Publish: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sns:publish',
      Arguments: { TopicArn: TOPIC, Message: 'hello' },
      Retry,
      End: true,
    },
  };

  test('retries functions and notices that fail, and succeeds', async () => {
    const worked: unknown[] = [];
    const stack = await startServices({ states, handlers: { work: (event) => worked.push(event) } });
    const once = { times: 1 } as const;
    stack.faults.set([
      { service: 'lambda', ...once, effect: { type: 'throttle' } },
      { service: 'lambda', ...once, effect: { type: 'functionError', errorType: 'Oops', afterWork: true } },
      { service: 'lambda', ...once, effect: { type: 'disconnect' } },
      { service: 'lambda', ...once, effect: { type: 'timeOut', seconds: 30 } },
      { service: 'sns', ...once, effect: { type: 'error', status: 503 } },
      { service: 'sns', ...once, effect: { type: 'disconnect', afterWork: true } },
    ]);
    const { executionArn } = await stack.states.send(
      new StartExecutionCommand({ stateMachineArn: MACHINE_ARN }),
    );
    await stack.clock.advance(10 * 60_000);
    const { status } = await stack.states.send(new DescribeExecutionCommand({ executionArn }));
    expect(status).toBe('SUCCEEDED');
    const { events = [] } = await stack.states.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(
      events.flatMap((event) => {
        const failure = event.lambdaFunctionFailedEventDetails ?? event.taskFailedEventDetails;
        return failure?.error ?? [];
      }),
    ).toEqual([
      'Lambda.TooManyRequestsException',
      'Oops',
      'Lambda.SdkClientException',
      'Sandbox.Timedout',
      'SNS.ServiceUnavailableException',
      'SNS.SdkClientException',
    ]);
    expect(worked).toHaveLength(2);
    expect(stack.notices).toHaveLength(2);
  });
});
