import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { virtualClock } from '../../../local/core/clock.ts';
import { type Database, openDatabase } from '../../../local/store/database.ts';
import {
  createWorkbench,
  definitionOf,
  functionArn,
  type Handlers,
  historyOf,
  named,
  outcomeOf,
  runMachine,
  START,
} from '../../support/states.ts';

const never = () => new Promise<never>(() => {});
const atSecond = (seconds: number) => virtualClock(START + seconds * 1000);

/** Starts an execution and abandons it at the given second, as a killed process does. */
async function leaveAt(second: number, database: Database, definition: string, handlers: Handlers = {}) {
  const bench = createWorkbench({ definition, handlers, database });
  const arn = bench.start({ n: 1 }, 'one');
  await bench.clock.advance(second * 1000);
  return arn;
}

/** Resumes the execution in another process at the given second. */
async function resumeAt(second: number, database: Database, definition: string, handlers: Handlers = {}) {
  const bench = createWorkbench({ definition, handlers, database, clock: atSecond(second) });
  bench.stateMachines.resume();
  const arn = 'arn:aws:states:us-east-1:000000000000:execution:test:one';
  await bench.untilEnd(arn);
  return outcomeOf(bench.stateMachines, arn);
}

describe('an execution whose process was killed', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'states-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const leave = async (second: number, definition: string, handlers?: Handlers) => {
    const database = openDatabase(dir);
    await leaveAt(second, database, definition, handlers);
    database.close();
  };
  const resume = async (second: number, definition: string, handlers?: Handlers) => {
    const database = openDatabase(dir);
    const outcome = await resumeAt(second, database, definition, handlers);
    database.close();
    return outcome;
  };

  const waiting = definitionOf({
    Note: { Type: 'Pass', Assign: { kept: '{% $states.input.n %}' }, Next: 'Pause' },
    Pause: { Type: 'Wait', Seconds: 100, Output: '{% $kept %}', End: true },
  });

  test('waits only for the rest of a wait, keeps its variables, and has the history of an uninterrupted run', async () => {
    await leave(40, waiting);
    const outcome = await resume(70, waiting);
    expect(outcome).toMatchObject({ status: 'SUCCEEDED', output: 1, seconds: 100 });
    expect(outcome).toEqual(await runMachine({ definition: waiting }, { n: 1 }));
  });

  test('continues at once when the wait has ended meanwhile', async () => {
    await leave(40, waiting);
    expect(await resume(250, waiting)).toMatchObject({ status: 'SUCCEEDED', seconds: 250 });
  });

  test('repeats the pending call with the same payload', async () => {
    const payloads: unknown[] = [];
    const definition = definitionOf({
      Work: {
        Type: 'Task',
        Resource: functionArn('work'),
        Arguments: '{% $uuid() %}',
        TimeoutSeconds: 60,
        End: true,
      },
    });
    const note = (payload: unknown) => payloads.push(payload);
    await leave(10, definition, { work: (payload) => [note(payload), never()][1] });
    const { status, output, types } = await resume(30, definition, { work: note });
    expect([status, output]).toEqual(['SUCCEEDED', 2]);
    expect(payloads[0]).toBe(payloads[1]);
    expect(types.filter((type) => type === 'LambdaFunctionScheduled')).toHaveLength(1);
  });

  test('waits for the rest of the pause before a retry, and keeps the number of retries', async () => {
    const Retry = [{ ErrorEquals: ['E'], IntervalSeconds: 60, MaxAttempts: 1 }];
    const definition = definitionOf({
      Work: { Type: 'Task', Resource: functionArn('work'), Retry, End: true },
    });
    const handlers = { work: () => Promise.reject(named('E')) };
    await leave(20, definition, handlers);
    const outcome = await resume(30, definition, handlers);
    expect(outcome).toMatchObject({ status: 'FAILED', error: 'E', seconds: 60 });
    expect(outcome).toEqual(await runMachine({ definition, handlers }, { n: 1 }));
  });

  test('times out when its time limit has passed meanwhile', async () => {
    const limited = JSON.stringify({ ...JSON.parse(waiting), TimeoutSeconds: 50 });
    await leave(40, limited);
    expect(await resume(45, limited)).toMatchObject({ status: 'TIMED_OUT', seconds: 50 });
  });

  test('keeps the definition that it started with', async () => {
    await leave(40, waiting);
    const other = definitionOf({ Other: { Type: 'Fail' } });
    expect(await resume(70, other)).toMatchObject({ status: 'SUCCEEDED', output: 1 });
  });
});

describe('stop', () => {
  test('leaves executions RUNNING and writes nothing more', async () => {
    const database = openDatabase();
    const definition = definitionOf({
      Work: { Type: 'Task', Resource: functionArn('work'), TimeoutSeconds: 60, Next: 'Pause' },
      Pause: { Type: 'Wait', Seconds: 100, End: true },
    });
    const { promise: answer, resolve } = Promise.withResolvers<void>();
    const bench = createWorkbench({
      definition,
      database,
      handlers: { work: (n: number) => n === 1 && answer },
    });
    const [calling, pausing] = [bench.start(1), bench.start(2)];
    await bench.clock.advance(1000);
    const before = [calling, pausing].map((arn) => historyOf(bench.stateMachines, arn));
    await bench.stateMachines.stop();
    resolve();
    await bench.clock.advance(1_000_000);
    expect([calling, pausing].map((arn) => historyOf(bench.stateMachines, arn))).toEqual(before);
    expect(bench.stateMachines.describeExecution({ executionArn: calling }).status).toBe('RUNNING');
  });

  test('executions that start afterwards wait for the next process', async () => {
    const database = openDatabase();
    const definition = definitionOf({ Done: { Type: 'Succeed' } });
    const { stateMachines, start } = createWorkbench({ definition, database });
    await stateMachines.stop();
    start({}, 'one');
    expect(await resumeAt(5, database, definition)).toMatchObject({ status: 'SUCCEEDED', seconds: 5 });
  });
});

test('an execution takes the same path to the same end, no matter how often its process is killed', async () => {
  const definition = definitionOf({
    Count: { Type: 'Pass', Assign: { turn: 0 }, Next: 'Work' },
    Work: {
      Type: 'Task',
      Resource: functionArn('work'),
      Arguments: { turn: '{% $turn %}', tries: '{% $states.context.State.RetryCount %}' },
      Retry: [{ ErrorEquals: ['E'], IntervalSeconds: 7 }],
      Catch: [{ ErrorEquals: ['F'], Assign: { turn: '{% $turn + 10 %}' }, Next: 'Pause' }],
      Assign: { turn: '{% $states.result %}' },
      Next: 'Pause',
    },
    Pause: { Type: 'Wait', Seconds: '{% 5 + $turn %}', Output: {}, Next: 'Again' },
    Again: { Type: 'Choice', Choices: [{ Condition: '{% $turn < 25 %}', Next: 'Work' }], Default: 'Done' },
    Done: { Type: 'Succeed', Output: '{% $turn %}' },
  });
  const work = (sleep: (ms: number) => Promise<void>) => async (event: { turn: number; tries: number }) => {
    await sleep(2_000);
    if (event.turn % 3 === 1 && event.tries < 2) throw named('E');
    if (event.turn === 5) throw named('F');
    return event.turn + 1;
  };
  const untilKilled = async (database: Database, from: number, seconds: number) => {
    const clock = atSecond(from);
    const bench = createWorkbench({
      definition,
      database,
      clock,
      handlers: { work: work((ms) => clock.sleep(ms)) },
    });
    if (from === 0) bench.start({}, 'one');
    else bench.stateMachines.resume();
    await clock.advance(seconds * 1000);
    const arn = 'arn:aws:states:us-east-1:000000000000:execution:test:one';
    return outcomeOf(bench.stateMachines, arn);
  };
  const undisturbed = await untilKilled(openDatabase(), 0, 10_000);
  expect(undisturbed).toMatchObject({ status: 'SUCCEEDED' });

  const runs = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(runs, async (seconds) => {
      const database = openDatabase();
      let now = 0;
      for (const runSeconds of seconds) {
        await untilKilled(database, now, runSeconds);
        now += runSeconds + 1;
      }
      const outcome = await untilKilled(database, now, 10_000);
      expect(outcome.types).toEqual(undisturbed.types);
      expect(outcome.output).toEqual(undisturbed.output);
      database.close();
    }),
    { numRuns: 15 },
  );
});
