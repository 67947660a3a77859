import { describe, expect, jest, test } from '@jest/globals';
import { AwsError } from '../../../local/core/aws-error.ts';
import { virtualClock } from '../../../local/core/clock.ts';
import type { Publish } from '../../../local/states/run/task-resource.ts';
import { definitionOf, functionArn, type Handlers, named, runMachine, START } from '../../support/states.ts';

const task = (members: object = {}) => ({
  Type: 'Task',
  Resource: functionArn('work'),
  End: true,
  ...members,
});
const run = (members: object, handlers: Handlers, input?: unknown) =>
  runMachine(
    { definition: definitionOf({ Work: task(members), Rescue: { Type: 'Succeed' } }), handlers },
    input,
  );

describe('a Lambda function', () => {
  test('gets Arguments, or else the input, and its result is the output', async () => {
    const echo = (event: unknown) => ({ got: event });
    expect((await run({}, { work: echo }, { a: 1 })).output).toEqual({ got: { a: 1 } });
    const chosen = await run(
      { Arguments: { b: '{% $states.input.a %}' }, Output: '{% $states.result.got.b %}' },
      { work: echo },
      { a: 1 },
    );
    expect(chosen.output).toBe(1);
  });

  test('has five events', async () => {
    const { events } = await run({ TimeoutSeconds: 60 }, { work: () => 'done' }, { a: 1 });
    expect(events.slice(1, -1).map(({ timestamp, ...event }) => event)).toEqual([
      {
        id: 2,
        previousEventId: 0,
        type: 'TaskStateEntered',
        stateEnteredEventDetails: { name: 'Work', input: '{"a":1}', inputDetails: { truncated: false } },
      },
      {
        id: 3,
        previousEventId: 2,
        type: 'LambdaFunctionScheduled',
        lambdaFunctionScheduledEventDetails: {
          resource: functionArn('work'),
          input: '{"a":1}',
          inputDetails: { truncated: false },
          timeoutInSeconds: 60,
        },
      },
      { id: 4, previousEventId: 3, type: 'LambdaFunctionStarted' },
      {
        id: 5,
        previousEventId: 4,
        type: 'LambdaFunctionSucceeded',
        lambdaFunctionSucceededEventDetails: { output: '"done"', outputDetails: { truncated: false } },
      },
      {
        id: 6,
        previousEventId: 5,
        type: 'TaskStateExited',
        stateExitedEventDetails: { name: 'Work', output: '"done"', outputDetails: { truncated: false } },
      },
    ]);
  });

  test('that throws fails with the name of its error, and the payload is the cause', async () => {
    const { status, error, cause, events } = await run(
      {},
      { work: () => Promise.reject(named('Throttled', 'slow')) },
    );
    expect([status, error]).toEqual(['FAILED', 'Throttled']);
    expect(JSON.parse(cause ?? '')).toEqual({ errorType: 'Throttled', errorMessage: 'slow' });
    expect(events[4]).toMatchObject({
      type: 'LambdaFunctionFailed',
      lambdaFunctionFailedEventDetails: { error: 'Throttled', cause },
    });
  });

  test('that fails without an error name is Lambda.Unknown', async () => {
    expect((await run({}, { work: () => Promise.reject(named('')) })).error).toBe('Lambda.Unknown');
  });

  test.each([
    ['TooManyRequestsException', 429, 'Lambda.TooManyRequestsException'],
    ['ServiceException', 500, 'Lambda.ServiceException'],
    ['ResourceNotFoundException', 404, 'Lambda.ResourceNotFoundException'],
  ])('that did not run for %s', async (code, status, expected) => {
    const { error, cause } = await run({}, { work: () => Promise.reject(new AwsError(code, status, 'why')) });
    expect([error, cause]).toEqual([expected, 'why']);
  });

  test('that cannot be reached is Lambda.SdkClientException', async () => {
    const lambda = { invoke: () => Promise.reject(new Error('socket hang up')) };
    const { error } = await runMachine({ definition: definitionOf({ Work: task() }), lambda });
    expect(error).toBe('Lambda.SdkClientException');
  });

  test('whose result is over 256 KiB fails with States.DataLimitExceeded, which States.ALL does not catch', async () => {
    const { error, cause } = await run(
      { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Rescue' }] },
      { work: () => 'x'.repeat(262_143) },
    );
    expect(error).toBe('States.DataLimitExceeded');
    expect(cause).toContain(`The state/task '${functionArn('work')}' returned a result`);
  });
});

describe('a time limit', () => {
  test.each([[5], ['{% $states.input.limit %}']])(
    'of %p seconds ends the attempt',
    async (TimeoutSeconds) => {
      const clock = virtualClock(START);
      const answered = jest.fn();
      const handlers = { work: () => clock.sleep(60_000).then(answered) };
      const definition = definitionOf({ Work: task({ TimeoutSeconds }) });
      const { error, cause, events, seconds } = await runMachine(
        { definition, handlers, clock },
        { limit: 5 },
      );
      expect([error, cause, seconds]).toEqual(['States.Timeout', undefined, 5]);
      expect(events[4]).toMatchObject({
        type: 'LambdaFunctionTimedOut',
        lambdaFunctionTimedOutEventDetails: { error: 'States.Timeout' },
      });
      await clock.advance(60_000);
      expect(answered).toHaveBeenCalled();
    },
  );

  test('accepts an answer in time and cancels its timer', async () => {
    const clock = virtualClock(START);
    const handlers = { work: () => clock.sleep(4_000) };
    const definition = definitionOf({ Work: task({ TimeoutSeconds: 5 }) });
    const { status, seconds } = await runMachine({ definition, handlers, clock });
    expect([status, seconds]).toEqual(['SUCCEEDED', 4]);
    await expect(clock.runUntil(new Promise(() => {}))).rejects.toThrow('no timer is left');
  });

  test('is caught as States.Timeout, with an empty cause', async () => {
    const clock = virtualClock(START);
    const definition = definitionOf({
      Work: task({ TimeoutSeconds: 5, Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Rescue' }] }),
      Rescue: { Type: 'Succeed' },
    });
    const { output } = await runMachine({ definition, handlers: { work: () => clock.sleep(9_000) }, clock });
    expect(output).toEqual({ Error: 'States.Timeout', Cause: '' });
  });
});

describe('sns:publish', () => {
  const notify = { Type: 'Task', Resource: 'arn:aws:states:::sns:publish', End: true };
  const TopicArn = 'arn:aws:sns:us-east-1:000000000000:notices';
  const publishing = (publish: Publish, message: unknown = 'hello') =>
    runMachine({
      definition: definitionOf({ Notify: { ...notify, Arguments: { TopicArn, Message: message } } }),
      publish,
    });

  test('publishes the arguments and has five events', async () => {
    const publish = jest.fn<Publish>(async () => ({ MessageId: 'm-1' }));
    const { output, events, types } = await publishing(publish);
    expect(publish).toHaveBeenCalledWith({ TopicArn, Message: 'hello' });
    expect(output).toEqual({ MessageId: 'm-1' });
    expect(types.slice(1, -1)).toEqual([
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
    ]);
    expect(events[2]?.taskScheduledEventDetails).toEqual({
      resourceType: 'sns',
      resource: 'publish',
      region: 'us-east-1',
      parameters: JSON.stringify({ TopicArn, Message: 'hello' }),
    });
    expect(events[3]?.taskStartedEventDetails).toEqual({ resourceType: 'sns', resource: 'publish' });
    expect(events[4]?.taskSucceededEventDetails).toMatchObject({
      resource: 'publish',
      output: '{"MessageId":"m-1"}',
    });
  });

  test('publishes a message that is an object as its JSON text', async () => {
    const publish = jest.fn<Publish>(async () => ({ MessageId: 'm-1' }));
    await publishing(publish, { n: 1 });
    expect(publish).toHaveBeenCalledWith({ TopicArn, Message: '{"n":1}' });
  });

  test.each([
    ['NotFound', 'SNS.NotFoundException'],
    ['InvalidParameter', 'SNS.InvalidParameterException'],
    ['KMSThrottlingException', 'SNS.KMSThrottlingException'],
  ])('fails for %s as %s', async (code, expected) => {
    const { error, cause, events } = await publishing(() => Promise.reject(new AwsError(code, 400, 'why')));
    expect([error, cause]).toEqual([expected, 'why']);
    expect(events[4]).toMatchObject({
      type: 'TaskFailed',
      taskFailedEventDetails: { resourceType: 'sns', resource: 'publish', error: expected, cause: 'why' },
    });
  });
});
