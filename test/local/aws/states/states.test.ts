import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  InvalidExecutionInput,
  InvalidName,
  InvalidToken,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  paginateGetExecutionHistory,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StateMachineDoesNotExist,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { beforeEach, expect, test } from '@jest/globals';
import { inProcess } from '../../../../local/aws/in-process.ts';
import { createStates } from '../../../../local/aws/states/states.ts';
import {
  createWorkbench,
  definitionOf,
  functionArn,
  MACHINE_ARN,
  ROLE_ARN,
  START,
  type Workbench,
} from '../../../support/states.ts';

const definition = definitionOf({
  Work: {
    Type: 'Task',
    Resource: functionArn('work'),
    Assign: { step: '{% $states.result %}' },
    Next: 'Pause',
  },
  Pause: { Type: 'Wait', Seconds: 60, End: true },
});

let bench: Workbench;
let client: SFNClient;
beforeEach(() => {
  bench = createWorkbench({ definition, handlers: { work: () => ({ done: true }) } });
  const { handle } = createStates({ stateMachines: bench.stateMachines, log: () => {} });
  client = new SFNClient({
    requestHandler: inProcess(handle),
    maxAttempts: 1,
    endpoint: 'http://127.0.0.1:1',
  });
});

const start = (members: object = {}) =>
  client.send(
    new StartExecutionCommand({ stateMachineArn: MACHINE_ARN, name: 'a', input: '{"n":1}', ...members }),
  );

test('an execution is started, described and ended by the SDK', async () => {
  const { executionArn, startDate } = await start();
  expect(startDate).toEqual(new Date(START));
  await bench.clock.advance(60_000);
  expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
    status: 'SUCCEEDED',
    input: '{"n":1}',
    output: '{"done":true}',
    stopDate: new Date(START + 60_000),
  });
});

test('the history has times, details and pages', async () => {
  const { executionArn } = await start();
  await bench.clock.advance(60_000);
  const { events } = await client.send(
    new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 1 }),
  );
  expect(events).toEqual([
    {
      id: 9,
      previousEventId: 8,
      timestamp: new Date(START + 60_000),
      type: 'ExecutionSucceeded',
      executionSucceededEventDetails: { output: '{"done":true}', outputDetails: { truncated: false } },
    },
  ]);
  const ids: (number | undefined)[] = [];
  for await (const page of paginateGetExecutionHistory({ client, pageSize: 4 }, { executionArn }))
    ids.push(...(page.events ?? []).map(({ id }) => id));
  expect(ids).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('executions are listed and stopped', async () => {
  const { executionArn } = await start();
  await start({ name: 'b' });
  const { stopDate } = await client.send(
    new StopExecutionCommand({ executionArn, error: 'Enough', cause: 'of it' }),
  );
  expect(stopDate).toEqual(new Date(START));
  const { executions } = await client.send(new ListExecutionsCommand({ stateMachineArn: MACHINE_ARN }));
  expect(executions?.map(({ name, status }) => [name, status])).toEqual([
    ['b', 'RUNNING'],
    ['a', 'ABORTED'],
  ]);
});

test('state machines are listed and described', async () => {
  const { stateMachines } = await client.send(new ListStateMachinesCommand({}));
  expect(stateMachines).toMatchObject([{ name: 'test', stateMachineArn: MACHINE_ARN }]);
  expect(await client.send(new DescribeStateMachineCommand({ stateMachineArn: MACHINE_ARN }))).toMatchObject({
    definition,
    roleArn: ROLE_ARN,
  });
});

test("refusals arrive as the SDK's error classes", async () => {
  await start();
  await expect(start({ input: '{"n":2}' })).rejects.toBeInstanceOf(ExecutionAlreadyExists);
  await expect(start({ name: 'a b' })).rejects.toBeInstanceOf(InvalidName);
  await expect(start({ name: 'c', input: '{' })).rejects.toBeInstanceOf(InvalidExecutionInput);
  await expect(start({ stateMachineArn: `${MACHINE_ARN}2` })).rejects.toBeInstanceOf(
    StateMachineDoesNotExist,
  );
  const executionArn = 'arn:aws:states:us-east-1:000000000000:execution:test:none';
  await expect(client.send(new DescribeExecutionCommand({ executionArn }))).rejects.toBeInstanceOf(
    ExecutionDoesNotExist,
  );
  const list = new ListExecutionsCommand({ stateMachineArn: MACHINE_ARN, nextToken: 'x' });
  await expect(client.send(list)).rejects.toBeInstanceOf(InvalidToken);
});

test('an operation that is not implemented is refused with its name', async () => {
  const redrive = new RedriveExecutionCommand({ executionArn: MACHINE_ARN });
  await expect(client.send(redrive)).rejects.toThrow(
    'AWSStepFunctions.RedriveExecution is not implemented here',
  );
});
