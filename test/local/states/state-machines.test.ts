import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRandom } from '../../../local/core/random.ts';
import { jsonFaultOf } from '../../../local/states/calls/json-fault.ts';
import { createStateMachines } from '../../../local/states/state-machines.ts';
import { openDatabase } from '../../../local/store/database.ts';
import {
  createWorkbench,
  definitionOf,
  historyOf,
  MACHINE_ARN,
  ROLE_ARN,
  START,
  type Workbench,
} from '../../support/states.ts';

const definition = definitionOf({ Pause: { Type: 'Wait', Seconds: 60, Output: { a: 1 }, End: true } });
const DAY = 24 * 3600 * 1000;

let bench: Workbench;
beforeEach(() => {
  bench = createWorkbench({ definition });
});

const start = (name: string, input?: string) =>
  bench.stateMachines.startExecution({
    stateMachineArn: MACHINE_ARN,
    name,
    ...(input !== undefined && { input }),
  });
const describeArn = (executionArn: string) => bench.stateMachines.describeExecution({ executionArn });
const codeOf = (call: () => unknown) => {
  try {
    call();
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('StartExecution', () => {
  test('answers ARN and start date; the defaults are a random name and the input {}', () => {
    const { executionArn, startDate } = bench.stateMachines.startExecution({ stateMachineArn: MACHINE_ARN });
    expect(executionArn).toMatch(/^arn:aws:states:us-east-1:000000000000:execution:test:[0-9a-f-]{36}$/);
    expect(startDate).toEqual(new Date(START));
    expect(describeArn(executionArn ?? '').input).toBe('{}');
  });

  test('repeats its answer for the name and input of a running execution', async () => {
    const first = start('a', '{"n":1}');
    await bench.clock.advance(10_000);
    expect(start('a', '{"n":1}')).toEqual(first);
    expect(bench.changes).toHaveLength(1);
  });

  test('answers ExecutionAlreadyExists for another input or a closed execution', async () => {
    start('a', '{"n":1}');
    expect(codeOf(() => start('a', '{"n":2}'))).toBe('ExecutionAlreadyExists');
    await bench.clock.advance(60_000);
    expect(codeOf(() => start('a', '{"n":1}'))).toBe('ExecutionAlreadyExists');
  });

  test('accepts the name again 90 days after the close, and the old execution is deleted', async () => {
    const { executionArn = '' } = start('a');
    await bench.clock.advance(60_000 + 90 * DAY);
    expect(codeOf(() => start('a'))).toBe('ExecutionAlreadyExists');
    await bench.clock.advance(1);
    expect(codeOf(() => describeArn(executionArn))).toBe('ExecutionDoesNotExist');
    start('a');
    await bench.clock.advance(0);
    expect(historyOf(bench.stateMachines, executionArn).map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'WaitStateEntered',
    ]);
  });

  test.each([
    [''],
    ['a b'],
    ['a/b'],
    ['a:b'],
    ['a"b'],
    ['a*'],
    ['a#'],
    ['a\u0007'],
    ['\u{10ffff}'],
    ['x'.repeat(81)],
  ])('refuses the name %j', (name) => {
    expect(codeOf(() => start(name))).toBe('InvalidName');
  });

  test('accepts names of 80 characters in any script', () => {
    expect(start(`${'x'.repeat(69)}-_.é日(!)@+'`).executionArn).toContain('日');
  });

  test('refuses input that is not JSON, or over 256 KiB', () => {
    expect(codeOf(() => start('a', '{'))).toBe('InvalidExecutionInput');
    expect(codeOf(() => start('a', JSON.stringify('x'.repeat(262_143))))).toBe('ValidationException');
    expect(start('a', JSON.stringify('x'.repeat(262_142)))).toBeDefined();
  });

  test('refuses unknown machines and invalid ARNs', () => {
    const on = (stateMachineArn: string) => () => bench.stateMachines.startExecution({ stateMachineArn });
    expect(codeOf(on(`${MACHINE_ARN}2`))).toBe('StateMachineDoesNotExist');
    expect(codeOf(on('test'))).toBe('InvalidArn');
  });
});

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('the message of InvalidExecutionInput is that of AWS for', () => {
  const VALUE = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

  test.each([
    ['', 'Invalid execution input.'],
    [' \n', 'Invalid execution input.'],
    ['not some json', `Unrecognized token 'not': was expecting ${VALUE}`],
    ['{"a": tru}', `Unrecognized token 'tru': was expecting ${VALUE}`],
    [
      "{'not': 'json'}",
      "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
    ],
    ['{"a":1,}', "Unexpected character ('}' (code 125)): was expecting double-quote to start field name"],
    ['{"a":1 "b":2}', `Unexpected character ('"' (code 34)): was expecting comma to separate Object entries`],
    ['[1 2]', "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries"],
    [
      '{"a" 1}',
      "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value",
    ],
    ['[,]', `Unexpected character (',' (code 44)): expected a valid value ${VALUE}`],
    ['{', 'Unexpected end-of-input: expected close marker for Object'],
    ['[1', 'Unexpected end-of-input: expected close marker for Array'],
    ['"a', 'Unexpected end-of-input: was expecting closing quote for a string value'],
    [
      '"\n"',
      'Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be included in string value',
    ],
    ['"\\x"', "Unrecognized character escape 'x' (code 120)"],
    ['01', 'Invalid numeric value: Leading zeroes not allowed'],
  ])('%j', (input, fault) => {
    expect(() => start('a', input)).toThrow(`Invalid State Machine Execution Input: '${fault}'`);
  });

  test('any text: a fault exactly for what JSON.parse refuses', () => {
    const almostJson = fc
      .tuple(
        fc.json({ maxDepth: 3 }),
        fc.nat(30),
        fc.constantFrom('', '"', ',', '{', ']', '\\', '1', 'e', ' '),
      )
      .map(([text, at, extra]) => text.slice(0, at) + extra + text.slice(at + 1));
    fc.assert(
      fc.property(fc.oneof(fc.json(), almostJson, fc.string()), (text) => {
        expect(jsonFaultOf(text) === undefined).toBe(isJson(text));
      }),
    );
  });

  test('input that is nested more than 1,000 deep', () => {
    expect(() => start('a', '['.repeat(1_001) + ']'.repeat(1_001))).toThrow(
      'Document nesting depth (1001) exceeds the maximum allowed (1000)',
    );
    expect(start('a', '['.repeat(1_000) + ']'.repeat(1_000))).toBeDefined();
  });
});

test.each([
  ['a running execution', 'RUNNING', 'NOT_REDRIVABLE', 'Execution is RUNNING and cannot be redriven.'],
  ['a stopped execution', 'ABORTED', 'REDRIVABLE', undefined],
  [
    'an execution that was stopped 15 days ago',
    'ABORTED',
    'NOT_REDRIVABLE',
    'Execution redrivable period exceeded.',
  ],
])(
  'DescribeExecution and ListExecutions say how %s can be redriven',
  async (_, status, redriveStatus, reason) => {
    const { executionArn = '' } = start('redriven');
    if (status === 'ABORTED') bench.stateMachines.stopExecution({ executionArn });
    if (reason?.includes('period')) await bench.clock.advance(15 * 24 * 3600 * 1000);
    const { redriveCount, ...described } = bench.stateMachines.describeExecution({ executionArn });
    expect({ redriveCount, status: described.redriveStatus, reason: described.redriveStatusReason }).toEqual({
      redriveCount: 0,
      status: redriveStatus,
      reason,
    });
    const { executions } = bench.stateMachines.listExecutions({ stateMachineArn: MACHINE_ARN });
    expect(executions?.[0]?.redriveCount).toBe(0);
  },
);

describe('DescribeExecution', () => {
  test('answers the status and the end', async () => {
    const { executionArn = '' } = start('a', '{"n":1}');
    const running = {
      executionArn,
      stateMachineArn: MACHINE_ARN,
      name: 'a',
      status: 'RUNNING',
      startDate: new Date(START),
      input: '{"n":1}',
      inputDetails: { included: true },
      redriveCount: 0,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is RUNNING and cannot be redriven.',
    };
    expect(describeArn(executionArn)).toEqual(running);
    await bench.clock.advance(60_000);
    expect(describeArn(executionArn)).toEqual({
      ...running,
      status: 'SUCCEEDED',
      stopDate: new Date(START + 60_000),
      output: '{"a":1}',
      outputDetails: { included: true },
      redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven.',
    });
  });

  test('omits input and output on request', () => {
    const { executionArn } = start('a');
    const answer = bench.stateMachines.describeExecution({ executionArn, includedData: 'METADATA_ONLY' });
    expect(Object.keys(answer)).not.toContain('input');
  });
});

describe('StopExecution', () => {
  test('ends the execution as ABORTED with the given reason, and nothing more happens', async () => {
    const { executionArn = '' } = start('a');
    await bench.clock.advance(10_000);
    const { stopDate } = bench.stateMachines.stopExecution({ executionArn, error: 'Enough', cause: 'of it' });
    await bench.clock.advance(100_000);
    expect(stopDate).toEqual(new Date(START + 10_000));
    expect(describeArn(executionArn)).toMatchObject({
      status: 'ABORTED',
      error: 'Enough',
      cause: 'of it',
      stopDate,
    });
    expect(historyOf(bench.stateMachines, executionArn).at(-1)).toEqual({
      id: 3,
      previousEventId: 0,
      timestamp: stopDate,
      type: 'ExecutionAborted',
      executionAbortedEventDetails: { error: 'Enough', cause: 'of it' },
    });
  });

  test('does not change an ended execution', async () => {
    const { executionArn = '' } = start('a');
    await bench.clock.advance(60_000);
    expect(bench.stateMachines.stopExecution({ executionArn }).stopDate).toEqual(new Date(START + 60_000));
    expect(describeArn(executionArn).status).toBe('SUCCEEDED');
    expect(bench.changes).toHaveLength(2);
  });
});

describe('ListExecutions', () => {
  const list = (request: object = {}) =>
    bench.stateMachines.listExecutions({ stateMachineArn: MACHINE_ARN, ...request });
  const names = (request?: object) => list(request).executions?.map(({ name }) => name);

  test('lists the newest first, page by page', () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) start(name);
    const { nextToken } = list({ maxResults: 2 });
    expect(names({ maxResults: 2 })).toEqual(['e', 'd']);
    start('later');
    expect(names({ maxResults: 2, nextToken })).toEqual(['c', 'b']);
    expect(list({ maxResults: 6 }).nextToken).toBeUndefined();
  });

  test('filters by status', async () => {
    start('done');
    await bench.clock.advance(60_000);
    start('running');
    expect(names({ statusFilter: 'SUCCEEDED' })).toEqual(['done']);
    expect(names({ statusFilter: 'RUNNING' })).toEqual(['running']);
    expect(list().executions?.[1]).toEqual({
      executionArn: 'arn:aws:states:us-east-1:000000000000:execution:test:done',
      stateMachineArn: MACHINE_ARN,
      name: 'done',
      status: 'SUCCEEDED',
      startDate: new Date(START),
      stopDate: new Date(START + 60_000),
      redriveCount: 0,
    });
  });

  test('refuses invalid tokens and page sizes, and members that are not implemented', () => {
    expect(codeOf(() => list({ nextToken: 'x' }))).toBe('InvalidToken');
    expect(codeOf(() => list({ maxResults: 1001 }))).toBe('ValidationException');
    expect(codeOf(() => list({ statusFilter: 'DONE' }))).toBe('ValidationException');
    expect(codeOf(() => list({ redriveFilter: 'REDRIVEN' }))).toBe('ValidationException');
  });
});

describe('GetExecutionHistory', () => {
  test('has pages in both orders', async () => {
    const { executionArn } = start('a');
    await bench.clock.advance(60_000);
    const page = (request: object) => bench.stateMachines.getExecutionHistory({ executionArn, ...request });
    const ids = (request: object) => page(request).events?.map(({ id }) => id);
    expect(ids({})).toEqual([1, 2, 3, 4]);
    expect(ids({ maxResults: 3 })).toEqual([1, 2, 3]);
    expect(ids({ maxResults: 3, nextToken: page({ maxResults: 3 }).nextToken })).toEqual([4]);
    const backwards = { reverseOrder: true, maxResults: 3 };
    expect(ids(backwards)).toEqual([4, 3, 2]);
    expect(ids({ ...backwards, nextToken: page(backwards).nextToken })).toEqual([1]);
  });

  test('omits execution data on request', async () => {
    const { executionArn } = start('a', '{"n":1}');
    await bench.clock.advance(0);
    const { events } = bench.stateMachines.getExecutionHistory({ executionArn, includeExecutionData: false });
    expect(events?.[0]?.executionStartedEventDetails).toEqual({ roleArn: ROLE_ARN });
    expect(events?.[1]?.stateEnteredEventDetails).toEqual({ name: 'Pause' });
  });
});

describe('state machines', () => {
  test('are listed and described', () => {
    const { stateMachines } = bench.stateMachines.listStateMachines();
    expect(stateMachines).toEqual([
      { stateMachineArn: MACHINE_ARN, name: 'test', type: 'STANDARD', creationDate: new Date(START) },
    ]);
    expect(bench.stateMachines.describeStateMachine({ stateMachineArn: MACHINE_ARN })).toMatchObject({
      name: 'test',
      definition,
      roleArn: ROLE_ARN,
      status: 'ACTIVE',
    });
  });
});

test('each start and each end is an EventBridge event', async () => {
  start('a', '{"n":1}');
  await bench.clock.advance(60_000);
  const executionArn = 'arn:aws:states:us-east-1:000000000000:execution:test:a';
  const started = {
    executionArn,
    stateMachineArn: MACHINE_ARN,
    name: 'a',
    status: 'RUNNING',
    startDate: START,
    stopDate: null,
    redriveCount: 0,
    redriveDate: null,
    redriveStatus: 'NOT_REDRIVABLE',
    redriveStatusReason: 'Execution is RUNNING and cannot be redriven.',
    input: '{"n":1}',
    inputDetails: { included: true },
    output: null,
    outputDetails: null,
    error: null,
    cause: null,
  };
  expect(bench.changes).toEqual([
    started,
    {
      ...started,
      status: 'SUCCEEDED',
      stopDate: START + 60_000,
      output: '{"a":1}',
      outputDetails: { included: true },
      redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven.',
    },
  ]);
});

test('time limits can follow another clock than shortened waits', async () => {
  const { clock } = bench;
  const stateMachines = createStateMachines({
    database: openDatabase(),
    clock: { ...clock, sleep: (ms, signal) => clock.sleep(ms / 60, signal) },
    limits: clock,
    random: createRandom('seed'),
    lambda: { invoke: () => Promise.reject(new Error('unused')) },
    publish: () => Promise.reject(new Error('unused')),
    machines: [
      {
        name: 'test',
        definition: JSON.stringify({ ...JSON.parse(definition), TimeoutSeconds: 30 }),
        roleArn: ROLE_ARN,
      },
    ],
  });
  const { executionArn } = stateMachines.startExecution({ stateMachineArn: MACHINE_ARN });
  await clock.advance(1000);
  expect(stateMachines.describeExecution({ executionArn }).status).toBe('SUCCEEDED');
});
