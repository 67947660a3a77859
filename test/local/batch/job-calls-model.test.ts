import type { JobStatus } from '@aws-sdk/client-s3-control';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { virtualClock } from '../../../local/core/clock.ts';
import { openDatabase } from '../../../local/store/database.ts';
import {
  AccountId,
  answerFor,
  type BatchStack,
  functionThat,
  jobRequest,
  keysOf,
  rowsOf,
  startBatch,
} from '../../support/batch.ts';

/** The documented diagram: the statuses that may be read next after each status. */
const STEPS: Record<string, string[]> = {
  New: ['Preparing', 'Cancelling'],
  Preparing: ['Ready', 'Suspended', 'Failing', 'Cancelling'],
  Suspended: ['Ready', 'Cancelled', 'Failing'],
  Ready: ['Active', 'Cancelling'],
  Active: ['Completing', 'Pausing', 'Cancelling', 'Failing'],
  Pausing: ['Paused', 'Cancelling'],
  Paused: ['Active', 'Cancelling'],
  Completing: ['Complete'],
  Failing: ['Failed'],
  Cancelling: ['Cancelled'],
};

const TERMINAL = ['Complete', 'Failed', 'Cancelled'];

type Call =
  | { call: 'create'; priority: number; confirmation: boolean; rows: number }
  | { call: 'confirm' | 'cancel'; job: number }
  | { call: 'priority'; job: number; priority: number }
  | { call: 'wait'; ms: number }
  | { call: 'restart' };

const job = fc.nat(11);
const priority = fc.nat(3);
const anyCall: fc.Arbitrary<Call> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      call: fc.constant('create' as const),
      priority,
      confirmation: fc.boolean(),
      rows: fc.constantFrom(0, 1, 20),
    }),
  },
  { weight: 3, arbitrary: fc.record({ call: fc.constant('confirm' as const), job }) },
  { weight: 2, arbitrary: fc.record({ call: fc.constant('cancel' as const), job }) },
  { weight: 2, arbitrary: fc.record({ call: fc.constant('priority' as const), job, priority }) },
  {
    weight: 5,
    arbitrary: fc.record({ call: fc.constant('wait' as const), ms: fc.constantFrom(0, 1, 900, 5000) }),
  },
  { weight: 1, arbitrary: fc.record({ call: fc.constant('restart' as const) }) },
);

/** The expected answer of UpdateJobStatus: the next status, or undefined for JobStatusException. */
function expectedStatus(status: string, requested: 'Ready' | 'Cancelled'): string | undefined {
  if (status === 'Suspended') return requested;
  const canBeCancelled = requested === 'Cancelled' && STEPS[status]?.includes('Cancelling');
  return canBeCancelled ? 'Cancelling' : undefined;
}

function update(stack: BatchStack, JobId: string, requested: 'Ready' | 'Cancelled'): void {
  const before = stack.describe(JobId).Status ?? '';
  const expected = expectedStatus(before, requested);
  const call = () => stack.batch.updateJobStatus({ AccountId, JobId, RequestedJobStatus: requested });
  if (expected) expect(call().Status).toBe(expected);
  else expect(call).toThrow(expect.objectContaining({ code: 'JobStatusException' }));
}

/** Follows the status of every job in the log; fails at a change that the diagram does not have. */
function followSteps(log: string[], jobIds: string[]): Map<string, string> {
  const statuses = new Map(jobIds.map((jobId) => [jobId, 'New']));
  for (const line of log) {
    const [, jobId = '', from = '', to = ''] = /^job (\S+): (\w+) -> (\w+)$/.exec(line) ?? [];
    if (!jobId) continue;
    expect(from).toBe(statuses.get(jobId));
    expect(STEPS[from]).toContain(to);
    statuses.set(jobId, to);
  }
  return statuses;
}

function check(stack: BatchStack, log: string[], jobIds: string[]): void {
  const followed = followSteps(log, jobIds);
  const jobs = jobIds.map((jobId) => stack.describe(jobId));
  for (const { JobId = '', Status = '' as JobStatus, ...rest } of jobs) {
    const progress = rest.ProgressSummary ?? {};
    const { TotalNumberOfTasks: total = 0, NumberOfTasksSucceeded: done = 0 } = progress;
    expect(Status).toBe(followed.get(JobId));
    expect(done).toBeLessThanOrEqual(total);
    expect(rest.TerminationDate !== undefined).toBe(TERMINAL.includes(Status));
    expect(rest.FailureReasons?.length).toBe(Status === 'Failed' || Status === 'Failing' ? 1 : 0);
    if (Status === 'Complete') expect(done).toBe(total);
  }
  const running = jobs.filter(({ Status }) => Status === 'Active' || Status === 'Pausing');
  const waiting = jobs.filter(({ Status }) => Status === 'Ready' || Status === 'Paused');
  expect(running.length).toBeLessThanOrEqual(6);
  if (running.length < 6) expect(waiting).toEqual([]);
  if (running.every(({ Status }) => Status === 'Active')) {
    const least = Math.min(...running.map(({ Priority = 0 }) => Priority));
    for (const { Priority } of waiting) expect(Priority).toBeLessThanOrEqual(least);
  }
}

test('any sequence of job calls, waits and restarts leaves jobs that the status diagram allows', async () => {
  const property = fc.asyncProperty(fc.array(anyCall, { minLength: 5, maxLength: 40 }), async (calls) => {
    const database = openDatabase();
    const clock = virtualClock(Date.UTC(2026, 0, 1));
    const lambda = functionThat(async (event) => {
      await clock.sleep(30);
      return answerFor(event, 'Succeeded');
    });
    const log: string[] = [];
    const options = { database, clock, lambda, pace: 10, log: (line: string) => log.push(line) };
    let stack = await startBatch(options);
    const jobIds: string[] = [];
    const manifests = new Map<number, Awaited<ReturnType<BatchStack['request']>>>();
    for (const rows of [0, 1, 20]) manifests.set(rows, await stack.request(rowsOf(keysOf(rows))));

    for (const each of calls) {
      const jobId = 'job' in each ? jobIds[each.job % Math.max(1, jobIds.length)] : undefined;
      if (each.call === 'wait') await clock.advance(each.ms);
      if (each.call === 'restart') {
        await stack.batch.stop();
        stack = await startBatch(options);
      }
      if (each.call === 'create') {
        const { JobId = '' } = stack.batch.createJob({
          ...(manifests.get(each.rows) ?? jobRequest()),
          ClientRequestToken: `token ${jobIds.length}`,
          Operation: { LambdaInvoke: { FunctionArn: 'f' } },
          Priority: each.priority,
          ConfirmationRequired: each.confirmation,
        });
        jobIds.push(JobId);
      }
      if (each.call === 'confirm' && jobId) update(stack, jobId, 'Ready');
      if (each.call === 'cancel' && jobId) update(stack, jobId, 'Cancelled');
      if (each.call === 'priority' && jobId && !TERMINAL.includes(stack.describe(jobId).Status ?? '')) {
        stack.batch.updateJobPriority({ AccountId, JobId: jobId, Priority: each.priority });
      }
      check(stack, log, jobIds);
    }
    for (const jobId of jobIds) {
      if (stack.describe(jobId).Status === 'Suspended') update(stack, jobId, 'Ready');
    }
    await clock.advance(60_000);
    check(stack, log, jobIds);
    for (const jobId of jobIds) {
      const { Status = '' } = stack.describe(jobId);
      if (Status === 'Suspended') update(stack, jobId, 'Cancelled');
      else expect(TERMINAL).toContain(Status);
    }
    await stack.batch.stop();
  });
  await fc.assert(property, { numRuns: 25 });
});
