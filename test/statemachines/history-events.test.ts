import { expect, test } from '@jest/globals';
import jsonata from 'jsonata';
import { nextWaitSeconds } from '../../functions/domain/watch/wait-policy.ts';
import { JOB_ID } from '../support/jobs.ts';
import { createWorkbench, historyOf, START } from '../support/states.ts';
import { jobMachine } from '../support/watch.ts';

const QUOTA = 25_000;
const DAY_SECONDS = 86_400;

interface Event {
  /** RFC 3339. */
  time: string;
}
type Poll = (time: string, attempt: number) => object;

/** Runs the shipped state machine with the given polls, and functions that take no time. */
async function runMachine(poll: Poll, onPublish: () => void = () => {}) {
  let polls = 0;
  const bench = createWorkbench({
    definition: jobMachine(),
    handlers: {
      CreateJob: () => ({ jobId: JOB_ID, status: 'New', waitSeconds: 15 }),
      DescribeJob: ({ time }: Event) => poll(time, polls++),
      SummarizeReport: () => final({ report: { state: 'summarized' } }),
      StartRetry: () => final({ report: {}, retry: { state: 'started' } }),
    },
    publish: async () => {
      onPublish();
      return { MessageId: 'message' };
    },
  });
  const arn = bench.start({ jobRequestId: 'id' }, 'one');
  await bench.untilEnd(arn);
  expect(bench.stateMachines.describeExecution({ executionArn: arn }).status).toBe('SUCCEEDED');
  return historyOf(bench.stateMachines, arn);
}

const notice = { kind: 'final', subject: 's', message: '{}', attributes: {} };
const final = (record: object) => ({
  status: 'Complete',
  outcome: 'Succeeded',
  waitSeconds: 0,
  notice,
  record,
});
const active = { jobId: JOB_ID, status: 'Active', waitSeconds: 15 };
const failure = (name: string) => Object.assign(new Error(name), { name });

/** Each step in turn. */
const inTurn =
  (...steps: (object | Error)[]): Poll =>
  (_, index) => {
    const step = steps[index] ?? final({});
    if (step instanceof Error) throw step;
    return step;
  };

const typesOf = (history: Awaited<ReturnType<typeof runMachine>>) => history.map(({ type }) => type);
const countOf = async (...steps: (object | Error)[]) => (await runMachine(inTurn(...steps))).length;

test('each state writes the same events as on AWS', async () => {
  expect(typesOf(await runMachine(inTurn()))).toEqual([
    'ExecutionStarted',
    ...['TaskStateEntered', 'LambdaFunctionScheduled', 'LambdaFunctionStarted', 'LambdaFunctionSucceeded'],
    'TaskStateExited',
    ...['ChoiceStateEntered', 'ChoiceStateExited'],
    ...['WaitStateEntered', 'WaitStateExited'],
    ...['TaskStateEntered', 'LambdaFunctionScheduled', 'LambdaFunctionStarted', 'LambdaFunctionSucceeded'],
    'TaskStateExited',
    ...['ChoiceStateEntered', 'ChoiceStateExited'],
    ...['TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskStateExited'],
    ...['SucceedStateEntered', 'SucceedStateExited'],
    'ExecutionSucceeded',
  ]);
});

test.each([
  ['a poll: Wait 2, Task 5, Choice 2', [active], 9],
  ['a poll with a notice: 5 more', [{ ...active, notice }], 9 + 5],
  ['a poll that succeeds when it is retried: 3 more', [failure('Throttled'), active], 9 + 3],
  ['a poll that fails permanently: Wait 2, Task 5, Choice 2', [failure('RequestRefused')], 9],
  ['a poll whose retries all fail: 3 more for each', Array(6).fill(failure('Throttled')), 9 + 5 * 3],
  ['a report: 5 more', [final({ report: {} })], 5],
  ['a report and a retry: 10 more', [final({ report: {}, retry: {} })], 10],
])('%s', async (_, steps, more) => {
  expect((await countOf(...steps)) - (await countOf())).toBe(more);
});

test('a notice that is published at the third try takes 6 more', async () => {
  let tries = 0;
  const faulty = await runMachine(inTurn(), () => {
    if (++tries < 3) throw failure('SNS.InternalErrorException');
  });
  expect(faulty.length - (await countOf())).toBe(6);
});

const secondsSinceStart = (time: string) => (Date.parse(time) - START) / 1000;

/** A job without progress for this many days, polled as the shipped wait policy plans. */
const jobOfDays =
  (days: number): Poll =>
  (time) => {
    const ageSeconds = secondsSinceStart(time);
    return ageSeconds >= days * DAY_SECONDS
      ? final({ report: {} })
      : { ...active, waitSeconds: nextWaitSeconds({ ageSeconds }) };
  };

test('a job of 360 days stays below 80 % of the event quota', async () => {
  const history = await runMachine(jobOfDays(360));
  expect(history.length).toBeLessThan(0.8 * QUOTA);
});

test('a job whose status cannot be read for a year stays below the event quota', async () => {
  const { States } = JSON.parse(jobMachine());
  const wait = jsonata(States.DescribeJob.Catch[0].Assign.waitSeconds.slice(2, -2));
  const unreadableSince = new Date(START).toISOString();
  let polls = 0;
  let waitSeconds = 15;
  for (let at = 0; at < 365 * DAY_SECONDS; at += waitSeconds) {
    const states = { context: { State: { EnteredTime: new Date(START + at * 1000).toISOString() } } };
    waitSeconds = await wait.evaluate(undefined, { states, waitSeconds, unreadableSince });
    polls++;
  }
  const eventsOfOne = (await countOf(failure('RequestRefused'))) - (await countOf());
  expect(polls * eventsOfOne).toBeLessThan(0.8 * QUOTA);
});
