import { describe, expect, test } from '@jest/globals';
import { virtualClock } from '../../../local/core/clock.ts';
import { definitionOf, functionArn, named, runMachine, START, type States } from '../../support/states.ts';

const run = (states: States, input?: unknown) => runMachine({ definition: definitionOf(states) }, input);

describe('Assign', () => {
  test('Assign and Output both read the variables as they were before', async () => {
    const { output } = await run({
      First: { Type: 'Pass', Assign: { n: 1 }, Next: 'Second' },
      Second: {
        Type: 'Pass',
        Assign: { n: '{% $n + 1 %}', before: '{% $n %}' },
        Output: { found: '{% $n %}' },
        Next: 'Third',
      },
      Third: { Type: 'Succeed', Output: '{% [$n, $before, $states.input.found] %}' },
    });
    expect(output).toEqual([2, 1, 1]);
  });

  test('the StateExited event has the assigned variables as JSON text', async () => {
    const { events } = await run({ Only: { Type: 'Pass', Assign: { a: [1], b: 'x' }, End: true } });
    expect(events[2]?.stateExitedEventDetails).toEqual({
      name: 'Only',
      output: '{}',
      outputDetails: { truncated: false },
      assignedVariables: { a: '[1]', b: '"x"' },
      assignedVariablesDetails: { truncated: false },
    });
  });
});

describe('Choice', () => {
  const choice = (rules: object[], more: object = {}) => ({
    Pick: { Type: 'Choice', Choices: rules, Assign: { by: 'default' }, Output: 'default', ...more },
    Done: { Type: 'Succeed', Output: '{% [$by, $states.input] %}' },
  });

  test('the first rule that is true decides, with its own Assign and Output', async () => {
    const rules = [
      { Condition: '{% $states.input.n > 5 %}', Next: 'Done' },
      { Condition: '{% $states.input.n > 1 %}', Assign: { by: 'rule' }, Output: 'rule', Next: 'Done' },
      { Condition: true, Next: 'Done' },
    ];
    expect((await run(choice(rules, { Default: 'Done' }), { n: 3 })).output).toEqual(['rule', 'rule']);
  });

  test("the state's own Assign and Output are for Default only", async () => {
    const rules = [{ Condition: '{% $states.input.n > 5 %}', Next: 'Done' }];
    expect((await run(choice(rules, { Default: 'Done' }), { n: 3 })).output).toEqual(['default', 'default']);
    expect((await run(choice(rules, { Default: 'Done' }), { n: 9 })).output).toEqual([{ n: 9 }]);
  });

  test('no rule and no Default fails with States.Runtime', async () => {
    const { error, cause, types } = await run(choice([{ Condition: false, Next: 'Done' }]));
    expect(error).toBe('States.Runtime');
    expect(cause).toBe(
      "An error occurred while executing the state 'Pick' (entered at the event id #2). Failed to transition out of the state. The state does not point to a next state.",
    );
    expect(types).toEqual(['ExecutionStarted', 'ChoiceStateEntered', 'ExecutionFailed']);
  });

  test('a condition that is not true or false fails', async () => {
    const { error, cause } = await run(choice([{ Condition: '{% 1 %}', Next: 'Done' }]));
    expect(error).toBe('States.QueryEvaluationError');
    expect(cause).toContain(
      "'1' specified for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but was 'number' for value: 1.",
    );
  });
});

describe('Wait', () => {
  const wait = (members: object) => ({ Pause: { Type: 'Wait', ...members, End: true } });

  test('waits for seconds, literal or computed', async () => {
    expect((await run(wait({ Seconds: 90 }))).seconds).toBe(90);
    expect((await run(wait({ Seconds: '{% $states.input.s %}' }), { s: 3_000_000 })).seconds).toBe(3_000_000);
  });

  test('waits until a time; a time in the past is no wait', async () => {
    expect((await run(wait({ Timestamp: '2026-01-02T00:00:00Z' }))).seconds).toBe(86_400);
    expect((await run(wait({ Timestamp: '{% $states.input %}' }), '2025-01-01T00:00:00+01:00')).seconds).toBe(
      0,
    );
  });

  test('a clock with short waits moves no date', async () => {
    const clock = virtualClock(START);
    const sleep: typeof clock.sleep = (ms, signal) => clock.sleep(Math.ceil(ms / 100), signal);
    const quickly = (definition: string) => runMachine({ definition, clock: { ...clock, sleep } });
    expect((await quickly(definitionOf(wait({ Seconds: 100 })))).seconds).toBe(1);
    const { output } = await quickly(
      definitionOf(wait({ Timestamp: '2026-01-02T00:00:00Z', Output: '{% $now() %}' })),
    );
    expect(output).toBe('2026-01-02T00:00:00.000Z');
  });

  test.each([['{% 1.5 %}'], ['{% -1 %}'], ['{% "5" %}'], ['{% 100000000 %}']])(
    '%s is no time to wait',
    async (Seconds) => {
      const { status, error, cause } = await run(wait({ Seconds }));
      expect([status, error]).toEqual(['FAILED', 'States.QueryEvaluationError']);
      expect(cause).toContain("Expected 'integer of 0 to 99999999'");
    },
  );

  test('Assign and Output are evaluated when the wait is over', async () => {
    const { output } = await run(wait({ Seconds: 60, Output: '{% $now() %}' }));
    expect(output).toBe('2026-01-01T00:01:00.000Z');
  });
});

describe('Fail', () => {
  test('ends the execution with error and cause, literal or computed', async () => {
    const { status, error, cause, types } = await run(
      { Stop: { Type: 'Fail', Error: 'Broken', Cause: '{% "because of " & $states.input.who %}' } },
      { who: 'me' },
    );
    expect([status, error, cause]).toEqual(['FAILED', 'Broken', 'because of me']);
    expect(types).toEqual(['ExecutionStarted', 'FailStateEntered', 'ExecutionFailed']);
  });

  test('requires neither', async () => {
    const { status, error, cause } = await run({ Stop: { Type: 'Fail' } });
    expect([status, error, cause]).toEqual(['FAILED', undefined, undefined]);
  });
});

describe('limits', () => {
  test('a payload over 256 KiB fails with States.DataLimitExceeded', async () => {
    const { status, error, cause } = await run({
      Grow: { Type: 'Pass', Output: '{% $pad("", 262143, "x") %}', End: true },
    });
    expect([status, error]).toEqual(['FAILED', 'States.DataLimitExceeded']);
    expect(cause).toContain("The state/task 'Grow' returned a result with a size exceeding");
    expect(
      (await run({ Fit: { Type: 'Pass', Output: '{% $pad("", 262142, "x") %}', End: true } })).status,
    ).toBe('SUCCEEDED');
  });

  test('a machine past its time limit is TIMED_OUT, without an error, and no Catch runs', async () => {
    const definition = definitionOf(
      {
        Work: {
          Type: 'Task',
          Resource: functionArn('work'),
          Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 100 }],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Done' }],
          End: true,
        },
        Done: { Type: 'Succeed' },
      },
      { TimeoutSeconds: 60 },
    );
    const handlers = { work: () => Promise.reject(named('Broken')) };
    const { status, error, cause, events, seconds } = await runMachine({ definition, handlers });
    expect([status, error, cause, seconds]).toEqual(['TIMED_OUT', undefined, undefined, 60]);
    expect(events.at(-1)).toMatchObject({
      type: 'ExecutionTimedOut',
      previousEventId: 0,
      executionTimedOutEventDetails: { error: 'States.Timeout' },
    });
  });

  test('no execution runs longer than a year', async () => {
    const { status, seconds } = await run({ Pause: { Type: 'Wait', Seconds: 99_999_999, End: true } });
    expect([status, seconds]).toEqual(['TIMED_OUT', 31_536_000]);
  });

  test('an endless loop fails with its 25,000th event', async () => {
    const { status, error, cause, events } = await run({
      Ping: { Type: 'Pass', Next: 'Pong' },
      Pong: { Type: 'Pass', Next: 'Ping' },
    });
    expect([status, error]).toEqual(['FAILED', 'States.Runtime']);
    expect(cause).toBe('The execution reached the maximum number of history events (25000).');
    expect(events.at(-1)).toMatchObject({ id: 25_000, type: 'ExecutionFailed', previousEventId: 24_999 });
  });
});
