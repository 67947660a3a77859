import { expect, test } from '@jest/globals';
import { virtualClock } from '../../../local/core/clock.ts';
import { createRandom } from '../../../local/core/random.ts';
import { createStateMachines, type StateMachinesOptions } from '../../../local/states/state-machines.ts';
import { openDatabase } from '../../../local/store/database.ts';
import { definitionOf, fakeLambda, functionArn, MACHINE_ARN, ROLE_ARN, START } from '../../support/states.ts';

const call = (name: string, more: object = {}) => ({
  Type: 'Task',
  Resource: functionArn(name),
  TimeoutSeconds: 60,
  End: true,
  ...more,
});
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** State machines whose database outlives them. */
function open(definition: string, options: Partial<StateMachinesOptions> = {}, database = openDatabase()) {
  const lines: string[] = [];
  const clock = virtualClock(START);
  const stateMachines = createStateMachines({
    database,
    clock,
    random: createRandom('unforeseen'),
    lambda: fakeLambda({}),
    publish: async () => ({ MessageId: 'm' }),
    machines: [{ name: 'test', definition, roleArn: ROLE_ARN }],
    log: (line) => lines.push(line),
    ...options,
  } as StateMachinesOptions);
  const start = (name: string, input = '{}') =>
    stateMachines.startExecution({ stateMachineArn: MACHINE_ARN, name, input }).executionArn ?? '';
  const describe = (executionArn: string) => {
    const { status, error, cause } = stateMachines.describeExecution({ executionArn });
    return { status, error, cause };
  };
  return { stateMachines, clock, lines, start, describe, database };
}

test('a result that is nested too deep for the interpreter ends its execution only, and not again at the next start', async () => {
  const definition = definitionOf({ Deep: call('deep'), Wait: { Type: 'Wait', Seconds: 9, End: true } });
  const lambda = { invoke: async () => ({ payload: nested(100_000) }) };
  const first = open(definition, { lambda });
  const deep = first.start('deep');
  await first.clock.advance(1_000);
  expect(first.describe(deep)).toEqual({
    status: 'FAILED',
    error: 'States.Runtime',
    cause: expect.stringMatching(
      /^An error occurred while executing the state 'Deep' \(entered at the event id #2\)\. Unexpected error: RangeError/,
    ),
  });
  expect(first.lines).toEqual([expect.stringContaining(`${deep}: RangeError`)]);
  const second = open(definition, { lambda }, first.database);
  second.stateMachines.resume();
  await second.clock.advance(1_000);
  expect(second.describe(deep).status).toBe('FAILED');
  expect(second.lines).toEqual([]);
});

test('input of 1,000 levels, which StartExecution accepts, can be read and passed on', async () => {
  const definition = definitionOf({
    Read: { Type: 'Pass', Output: '{% {"a": $states.input, "b": [$states.input]} %}', End: true },
  });
  const { start, describe, clock } = open(definition);
  const arn = start('deep', nested(1_000));
  await clock.advance(1_000);
  expect(describe(arn)).toEqual({ status: 'SUCCEEDED', error: undefined, cause: undefined });
});

test('an execution whose stored definition or input cannot be read ends at the next start, and the others continue', async () => {
  const definition = definitionOf({ Wait: { Type: 'Wait', Seconds: 60, End: true } });
  const first = open(definition);
  const [bad, worse, good] = ['bad', 'worse', 'good'].map((name) => first.start(name)) as [
    string,
    string,
    string,
  ];
  await first.stateMachines.stop();
  const { sql } = first.database;
  sql('INSERT INTO states_definition VALUES (?, ?)').run('broken', '{"StartAt":"X"}');
  sql('UPDATE states_execution SET definition = ? WHERE arn = ?').run('broken', bad);
  sql('UPDATE states_execution SET input = ? WHERE arn = ?').run('{', worse);
  const second = open(definition, {}, first.database);
  second.stateMachines.resume();
  await second.clock.advance(60_000);
  expect([bad, worse, good].map((arn) => second.describe(arn).status)).toEqual([
    'FAILED',
    'FAILED',
    'SUCCEEDED',
  ]);
  expect(second.lines).toHaveLength(2);
});

test('a listener of status changes that throws does not stop an execution', async () => {
  const definition = definitionOf({ Done: { Type: 'Succeed' } });
  const { start, describe, clock } = open(definition, {
    onStatusChange: ({ detail }) => {
      if (detail.status !== 'RUNNING') throw new Error('broken listener');
    },
  });
  const arn = start('one');
  await clock.advance(1_000);
  expect(describe(arn).status).toBe('SUCCEEDED');
});
