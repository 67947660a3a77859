import { describe, expect, test } from '@jest/globals';
import { definitionOf, functionArn, named, runMachine } from '../../support/states.ts';

/** A function that fails with the given errors, one per call, and then succeeds. */
const failing = (...names: string[]) => {
  const calls: number[] = [];
  const work = () => {
    const name = names[calls.push(calls.length) - 1];
    if (name !== undefined) throw named(name);
    return 'done';
  };
  return { work, calls };
};

const run = (members: object, ...errors: string[]) => {
  const { work, calls } = failing(...errors);
  const definition = definitionOf({
    Work: { Type: 'Task', Resource: functionArn('work'), ...members, Next: 'Done' },
    Rescue: { Type: 'Pass', Output: '{% {"caught": $states.input} %}', End: true },
    Done: { Type: 'Succeed' },
  });
  return runMachine({ definition, handlers: { work } }).then((outcome) => ({
    ...outcome,
    calls: calls.length,
  }));
};

describe('Retry', () => {
  test('by default retries three times, after 1, 2 and 4 seconds', async () => {
    const retry = { Retry: [{ ErrorEquals: ['E'] }] };
    expect(await run(retry, 'E', 'E', 'E')).toMatchObject({ status: 'SUCCEEDED', calls: 4, seconds: 7 });
    expect(await run(retry, 'E', 'E', 'E', 'E')).toMatchObject({
      status: 'FAILED',
      error: 'E',
      calls: 4,
      seconds: 7,
    });
  });

  test('backs off up to MaxDelaySeconds', async () => {
    const retrier = {
      ErrorEquals: ['E'],
      IntervalSeconds: 3,
      BackoffRate: 10,
      MaxDelaySeconds: 40,
      MaxAttempts: 4,
    };
    expect(await run({ Retry: [retrier] }, 'E', 'E', 'E', 'E')).toMatchObject({ seconds: 3 + 30 + 40 + 40 });
  });

  test('with full jitter waits at most the delay', async () => {
    const retrier = { ErrorEquals: ['E'], IntervalSeconds: 100, JitterStrategy: 'FULL' };
    const { seconds } = await run({ Retry: [retrier] }, 'E', 'E');
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(300);
    expect(seconds).not.toBe(Math.round(seconds));
  });

  test('counts for each retrier separately, and the first that names the error decides', async () => {
    const Retry = [
      { ErrorEquals: ['A'], MaxAttempts: 1 },
      { ErrorEquals: ['B', 'C'], MaxAttempts: 2 },
      { ErrorEquals: ['States.ALL'], MaxAttempts: 9 },
    ];
    expect(await run({ Retry }, 'A', 'B', 'C')).toMatchObject({ status: 'SUCCEEDED', calls: 4 });
    expect(await run({ Retry }, 'A', 'B', 'A')).toMatchObject({ status: 'FAILED', error: 'A', calls: 3 });
  });

  test('MaxAttempts 0 means never', async () => {
    const Retry = [{ ErrorEquals: ['E'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }];
    expect(await run({ Retry }, 'E')).toMatchObject({ status: 'FAILED', calls: 1 });
  });

  test('adds three events for each attempt, and the state knows how many there were', async () => {
    const { types, output } = await run(
      { Retry: [{ ErrorEquals: ['E'] }], Output: '{% $states.context.State.RetryCount %}' },
      'E',
      'E',
    );
    const attempt = (end: string) => [
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      `LambdaFunction${end}`,
    ];
    expect(types.slice(1, -3)).toEqual([
      'TaskStateEntered',
      ...attempt('Failed'),
      ...attempt('Failed'),
      ...attempt('Succeeded'),
      'TaskStateExited',
    ]);
    expect(output).toBe(2);
  });

  test('comes before Catch', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Rescue' }];
    const Retry = [{ ErrorEquals: ['E'], MaxAttempts: 1 }];
    expect(await run({ Retry, Catch }, 'E')).toMatchObject({ output: 'done', calls: 2 });
    expect(await run({ Retry, Catch }, 'E', 'E')).toMatchObject({
      output: { caught: { Error: 'E' } },
      calls: 2,
    });
  });

  test('also handles failed expressions: a failed Output repeats the call', async () => {
    const members = {
      Output: '{% $states.context.State.RetryCount > 0 ? "fine" : $states.input.absent %}',
      Retry: [{ ErrorEquals: ['States.QueryEvaluationError'] }],
    };
    const { calls, output, types } = await run(members);
    expect([calls, output]).toEqual([2, 'fine']);
    expect(types).toContain('EvaluationFailed');
  });
});

describe('names of errors', () => {
  const catching = (name: string, ...errors: string[]) =>
    run({ Catch: [{ ErrorEquals: [name], Next: 'Rescue' }] }, ...errors).then(
      ({ output }) => output !== undefined,
    );

  test.each([
    ['States.ALL', 'Anything', true],
    ['States.ALL', 'States.Timeout', true],
    ['States.ALL', 'States.DataLimitExceeded', false],
    ['States.DataLimitExceeded', 'States.DataLimitExceeded', true],
    ['States.TaskFailed', 'Anything', true],
    ['States.TaskFailed', 'States.Timeout', false],
    ['States.ALL', 'States.Runtime', false],
    ['States.Runtime', 'States.Runtime', false],
    ['Other', 'Anything', false],
  ])('%s for %s: %p', async (name, error, expected) => {
    expect(await catching(name, error)).toBe(expected);
  });
});

describe('Catch', () => {
  const Catch = (members: object = {}) => [{ ErrorEquals: ['E'], Next: 'Rescue', ...members }];

  test('passes error and cause to the next state instead of the result', async () => {
    const { output, types } = await run({ Catch: Catch() }, 'E');
    expect(output).toEqual({ caught: { Error: 'E', Cause: '{"errorType":"E","errorMessage":""}' } });
    expect(types.slice(1, 6)).toEqual([
      'TaskStateEntered',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionFailed',
      'TaskStateExited',
    ]);
  });

  test("has its own Assign and Output; the state's do not run", async () => {
    const { output, events } = await run(
      {
        Assign: { result: '{% $states.result %}' },
        Output: 'of the state',
        Catch: Catch({
          Assign: { why: '{% $states.errorOutput.Error %}' },
          Output: '{% $states.errorOutput.Error %}',
        }),
      },
      'E',
    );
    expect(output).toEqual({ caught: 'E' });
    const left = events.find(({ type }) => type === 'TaskStateExited');
    expect(left?.stateExitedEventDetails?.assignedVariables).toEqual({ why: '"E"' });
  });

  test('gets failed expressions with the name of the state and the field', async () => {
    const { output } = await run({
      Arguments: '{% $states.input.absent %}',
      Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'Rescue' }],
    });
    expect(output).toEqual({
      caught: {
        Error: 'States.QueryEvaluationError',
        Cause:
          "An error occurred while executing the state 'Work' (entered at the event id #2). The JSONata expression '$states.input.absent' specified for the field 'Arguments' returned nothing (undefined).",
      },
    });
  });

  test('that fails itself fails the execution', async () => {
    const { error, cause } = await run({ Catch: Catch({ Output: '{% $absent %}' }) }, 'E');
    expect(error).toBe('States.QueryEvaluationError');
    expect(cause).toContain("specified for the field 'Catch[0]/Output' returned nothing (undefined)");
  });
});
