import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { definitionOf, runMachine, type States } from '../../support/states.ts';

/** The output of a Pass state with this Output. */
const evaluate = (output: unknown, input: unknown = {}) =>
  runMachine({ definition: definitionOf({ Read: { Type: 'Pass', Output: output, End: true } }) }, input);

const outputOf = async (output: unknown, input?: unknown) => (await evaluate(output, input)).output;

describe('values', () => {
  test('constants stay as they are, also false, 0 and null', async () => {
    const constant = {
      no: false,
      zero: 0,
      nothing: null,
      list: [1, 'a', {}],
      text: 'no {% expression %} at all',
    };
    expect(await outputOf(constant)).toEqual(constant);
  });

  test('expressions are found at any depth, and JSON null stays null', async () => {
    const output = { deep: [{ here: '{% $states.input.a + 1 %}' }], nothing: '{% $states.input.b %}' };
    expect(await outputOf(output, { a: 1, b: null })).toEqual({ deep: [{ here: 2 }], nothing: null });
  });

  test('a state without Output passes its input on', async () => {
    const definition = definitionOf({ First: { Type: 'Pass', Next: 'Last' }, Last: { Type: 'Succeed' } });
    expect((await runMachine({ definition }, { a: [1] })).output).toEqual({ a: [1] });
  });

  test('the context names the execution, the state and the machine', async () => {
    const { output, events } = await evaluate('{% $states.context %}', { a: 1 });
    expect(output).toEqual({
      Execution: {
        Id: 'arn:aws:states:us-east-1:000000000000:execution:test:one',
        Input: { a: 1 },
        RedriveCount: 0,
        Name: 'one',
        RoleArn: 'arn:aws:iam::000000000000:role/states',
        StartTime: '2026-01-01T00:00:00.000Z',
      },
      State: { Name: 'Read', EnteredTime: '2026-01-01T00:00:00.000Z' },
      StateMachine: { Id: 'arn:aws:states:us-east-1:000000000000:stateMachine:test', Name: 'test' },
    });
    expect(events).toHaveLength(4);
  });
});

describe('functions', () => {
  test('$now and $millis read the clock of the stack', async () => {
    expect(await outputOf('{% [$now(), $now("[Y]/[M01]"), $millis()] %}')).toEqual([
      '2026-01-01T00:00:00.000Z',
      '2026/01',
      Date.parse('2026-01-01T00:00:00Z'),
    ]);
  });

  test('$random, $uuid and seeded $random repeat with the seed of the stack', async () => {
    const draw = '{% [$random(), $uuid(), $random(7)] %}';
    const [number, uuid, seeded] = (await outputOf(draw)) as [number, string, number];
    expect(number).toBeGreaterThanOrEqual(0);
    expect(number).toBeLessThan(1);
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await outputOf(draw)).toEqual([number, uuid, seeded]);
    expect(await outputOf('{% $random(7) %}')).toBe(seeded);
  });

  test.each<[string, unknown]>([
    ['$range(1, 10, 3)', [1, 4, 7, 10]],
    ['$range(5, 1, -2)', [5, 3, 1]],
    ['$range(-1.7, 1, 1)', [-1, 0, 1]],
    ['$range(2, 2, 1)', 2],
    ['$partition([1,2,3,4,5], 2)', [[1, 2], [3, 4], [5]]],
    ['$parse("{\\"a\\":[1]}")', { a: [1] }],
    ['$hash("a", "MD5")', '0cc175b9c0f1b6a831c399e269772661'],
    ['$hash("a", "SHA-256")', 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
    ['$map([1,2], function($v) { $v * 2 })', [2, 4]],
    ['[$states.input.list[x=1]]', [{ x: 1 }]],
  ])('%s', async (expression, expected) => {
    expect(await outputOf(`{% ${expression} %}`, { list: [{ x: 1 }, { x: 2 }] })).toEqual(expected);
  });
});

describe('expressions that are evaluated without the library', () => {
  const value = fc.oneof(
    fc.constantFrom(
      null,
      true,
      false,
      0,
      7,
      '',
      'a',
      'b',
      [],
      ['a'],
      [{ y: 'a' }],
      {},
      { y: 'a' },
      { y: ['b'] },
    ),
    fc.record({ y: fc.constantFrom(null, 'a', 'b', [], {}) }),
  );
  const path = fc.constantFrom(
    '$states.input',
    '$states.input.x',
    '$states.input.x.y',
    '$states.input.x.y.z',
  );
  const condition = fc.oneof(
    path.map((of) => `$exists(${of})`),
    fc.tuple(path, fc.subarray(["'a'", "'b'"])).map(([of, list]) => `${of} in [${list}]`),
    path,
  );
  const expression = fc.oneof(
    condition,
    fc.tuple(condition, condition).map(([left, right]) => `${left} or ${right}`),
  );

  test('have the value that the library gives', async () => {
    await fc.assert(
      fc.asyncProperty(expression, fc.record({ x: value }, { requiredKeys: [] }), async (text, input) => {
        // Parentheses do not change the value, and the library has to evaluate such an expression.
        const [ours, theirs] = await Promise.all(
          [text, `(${text})`].map((each) => evaluate(`{% ${each} %}`, input)),
        );
        expect([ours?.status, ours?.output]).toEqual([theirs?.status, theirs?.output]);
      }),
      { numRuns: 300 },
    );
  });
});

test.each([[[]], [['a']], [[['a']]], [['a', ['b']]]])(
  'a variable that is the list %j stays it',
  async (list) => {
    const definition = definitionOf({
      Keep: { Type: 'Pass', Assign: { list: '{% $states.input %}' }, Next: 'Read' },
      Read: { Type: 'Pass', Output: { read: '{% $list %}', byTheLibrary: '{% ($list) %}' }, End: true },
    });
    const { output } = await runMachine({ definition }, list);
    expect(output).toEqual({ read: list, byTheLibrary: list });
  },
);

describe('a value that is not JSON fails the state', () => {
  test.each([
    ['$states.input.absent', 'returned nothing (undefined)'],
    ['$string', 'returned a function'],
    ['{"f": function($x) { $x }}', 'returned a function'],
    ['1/0', 'returned Infinity, which is not a JSON number'],
    ['[0/0]', 'returned NaN, which is not a JSON number'],
    ['$range(1, 3)', 'returned nothing (undefined)'],
    ['$partition([1], 0)', 'returned nothing (undefined)'],
    [
      '"a" + 1',
      'threw an error during evaluation: T2001: The left side of the "+" operator must evaluate to a number',
    ],
    ['$eval("1")', 'threw an error during evaluation: T1006: Attempted to invoke a non-function'],
    ['$shuffle([1,2])', 'threw an error during evaluation: T1006: Attempted to invoke a non-function'],
    [
      '$hash("a", "CRC32")',
      'threw an error during evaluation: $hash knows MD5, SHA-1, SHA-256, SHA-384, SHA-512, not CRC32',
    ],
  ])('%s', async (expression, problem) => {
    const { status, error, cause } = await evaluate({ v: [`{% ${expression} %}`] });
    expect([status, error]).toEqual(['FAILED', 'States.QueryEvaluationError']);
    expect(cause).toBe(
      `An error occurred while executing the state 'Read' (entered at the event id #2). The JSONata expression '${expression}' specified for the field 'Output/v[0]' ${problem}.`,
    );
  });

  test('an undefined member of an object is omitted', async () => {
    expect(await outputOf('{% {"a": $states.input.absent, "b": 1} %}')).toEqual({ b: 1 });
  });

  test('the history has the failed expression with its location', async () => {
    const { events } = await evaluate({ v: '{% $states.input.absent %}' });
    expect(events.map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'PassStateEntered',
      'EvaluationFailed',
      'ExecutionFailed',
    ]);
    expect(events[2]?.evaluationFailedEventDetails).toEqual({
      error: 'States.QueryEvaluationError',
      cause:
        "An error occurred while executing the state 'Read' (entered at the event id #2). The JSONata expression '$states.input.absent' specified for the field 'Output/v' returned nothing (undefined).",
      location: 'Output/v',
      state: 'Read',
    });
  });

  const failedEvaluation = async (states: States) => {
    const { events } = await runMachine({ definition: definitionOf(states) });
    const event = events.find(({ type }) => type === 'EvaluationFailed');
    return [event?.previousEventId, event?.evaluationFailedEventDetails?.cause?.slice(0, 30)];
  };
  const failing = { Type: 'Pass', Output: '{% $states.input.absent %}', End: true };

  test('its event follows on event 0 in the first state', async () => {
    expect(await failedEvaluation({ First: failing })).toEqual([0, 'An error occurred while execut']);
  });

  test('its event follows on the event before the state was entered in a later state', async () => {
    const states = { First: { Type: 'Pass', Next: 'Second' }, Second: failing };
    expect(await failedEvaluation(states)).toEqual([3, 'An error occurred while execut']);
  });

  test('its event follows on the entry of a Wait with a bad Timestamp, and the cause is plain', async () => {
    const states = {
      First: { Type: 'Pass', Next: 'Second' },
      Second: { Type: 'Wait', Timestamp: "{% 'noon' %}", End: true },
    };
    expect(await failedEvaluation(states)).toEqual([4, "The JSONata expression ''noon'"]);
  });
});
