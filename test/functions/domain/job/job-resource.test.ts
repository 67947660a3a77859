import { describe, expect, test } from '@jest/globals';
import { etaSecondsOf, type Job, reportLocationOf } from '../../../../functions/domain/job/job.ts';
import {
  hasFailures,
  isFinal,
  type JobRequestNow,
  jobResourceOf,
  retryAfterSeconds,
} from '../../../../functions/domain/job/job-resource.ts';
import {
  cancelVerdict,
  confirmVerdict,
  openStatuses,
  outcomeOf,
  priorityVerdict,
} from '../../../../functions/domain/job/job-status.ts';
import { acceptedRequest, JOB_ID, JOB_REQUEST_ID, jobOf } from '../../../support/jobs.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const request = acceptedRequest({}, START);
const counts = (total: number, succeeded: number, failed = 0, seconds = 0): Partial<Job> => ({
  ProgressSummary: {
    TotalNumberOfTasks: total,
    NumberOfTasksSucceeded: succeeded,
    NumberOfTasksFailed: failed,
    Timers: { ElapsedTimeInActiveSeconds: seconds },
  },
});
const Report = { Enabled: true, Bucket: 'arn:aws:s3:::reports', Prefix: 'p' };
const nowOf = (members: Partial<JobRequestNow>): JobRequestNow => ({
  request,
  executionStatus: 'RUNNING',
  ...members,
});

describe('the verdicts on a status', () => {
  test.each<[string, string, string, string]>([
    ['New', 'impossible', 'do-it', 'do-it'],
    ['Preparing', 'impossible', 'do-it', 'do-it'],
    ['Suspended', 'do-it', 'do-it', 'do-it'],
    ['Ready', 'already-so', 'do-it', 'do-it'],
    ['Active', 'already-so', 'do-it', 'do-it'],
    ['Pausing', 'already-so', 'do-it', 'do-it'],
    ['Paused', 'already-so', 'do-it', 'do-it'],
    ['Completing', 'already-so', 'impossible', 'do-it'],
    ['Cancelling', 'impossible', 'already-so', 'impossible'],
    ['Failing', 'impossible', 'impossible', 'impossible'],
    ['Complete', 'already-so', 'impossible', 'impossible'],
    ['Failed', 'impossible', 'impossible', 'impossible'],
    ['Cancelled', 'impossible', 'already-so', 'impossible'],
    ['Archiving', 'impossible', 'do-it', 'do-it'],
  ])('%s: confirm %s, cancel %s, priority %s', (status, confirm, cancel, priority) => {
    expect([confirmVerdict(status), cancelVerdict(status), priorityVerdict(status)]).toEqual([
      confirm,
      cancel,
      priority,
    ]);
  });

  test('open are those that have neither ended nor begun to end', () => {
    expect([...openStatuses].sort()).toEqual(
      ['Active', 'Completing', 'New', 'Paused', 'Pausing', 'Preparing', 'Ready', 'Suspended'].sort(),
    );
  });

  test.each([
    ['Complete', 0, 'Succeeded'],
    ['Complete', 1, 'CompletedWithFailures'],
    ['Failed', 0, 'Failed'],
    ['Cancelled', 2, 'Cancelled'],
    ['Active', 2, undefined],
  ])('the outcome of %s with %d failed tasks is %s', (status, failed, expected) => {
    expect(outcomeOf(status, failed)).toBe(expected);
  });
});

describe('the progress', () => {
  test.each([
    [counts(3, 1, 1), 66],
    [counts(3, 3), 100],
    [counts(0, 0), 0],
    [counts(1000, 998, 1), 99],
  ])('of %j is %d percent', (members, percent) => {
    expect(jobResourceOf(nowOf({ job: jobOf('Active', members) })).progress?.percent).toBe(percent);
  });

  test.each<[string, Partial<Job>, number | undefined]>([
    ['Active', counts(100, 20, 5, 50), 150],
    ['Active', counts(3, 1, 0, 1), 2],
    ['Active', counts(100, 0, 0, 50), undefined],
    ['Active', counts(100, 20, 0, 0), undefined],
    ['Paused', counts(100, 20, 5, 50), undefined],
  ])('of a job in %s with %j has the ETA %s', (status, members, expected) => {
    expect(etaSecondsOf(jobOf(status, members))).toBe(expected);
  });
});

describe('the report', () => {
  test.each<[string, Partial<Job>, string | undefined]>([
    ['with a prefix', { ...counts(1, 1), Report }, `p/job-${JOB_ID}/manifest.json`],
    [
      'with a slash at the end',
      { ...counts(1, 0, 1), Report: { ...Report, Prefix: 'p/' } },
      `p/job-${JOB_ID}/manifest.json`,
    ],
    [
      'without a prefix',
      { ...counts(1, 1), Report: { Enabled: true, Bucket: Report.Bucket } },
      `job-${JOB_ID}/manifest.json`,
    ],
    ['before a task ran', { ...counts(1, 0), Report }, undefined],
    ['that is disabled', { ...counts(1, 1), Report: { ...Report, Enabled: false } }, undefined],
    ['without a bucket', { ...counts(1, 1), Report: { Enabled: true } }, undefined],
  ])('%s', (_, members, manifestKey) => {
    const location = reportLocationOf(jobOf('Complete', members));
    expect(location).toEqual(manifestKey && { bucket: 'reports', manifestKey });
  });

  test.each<[string, Partial<Job>, boolean]>([
    ['Complete', { ...counts(2, 1, 1), Report }, true],
    ['Complete', { ...counts(2, 2, 0), Report }, false],
    ['Complete', counts(2, 1, 1), false],
    ['Active', { ...counts(2, 1, 1), Report }, false],
  ])('of a job in %s with %j has failures: %s', (status, members, expected) => {
    expect(hasFailures(jobOf(status, members))).toBe(expected);
  });
});

describe('the links', () => {
  const self = `/jobs/${JOB_REQUEST_ID}`;
  const linksOf = (members: Partial<JobRequestNow>) =>
    Object.keys(jobResourceOf(nowOf(members)).links).sort();

  const reporting = {
    ...request,
    createJob: { ...request.createJob, Report: { Enabled: true, ReportScope: 'AllTasks' as const } },
  };

  test.each<[Partial<JobRequestNow>, string[]]>([
    [{}, ['self']],
    [{ job: jobOf('Suspended', counts(1, 0)) }, ['cancel', 'confirm', 'self']],
    [{ job: jobOf('Active', { ...counts(2, 1, 1), Report }) }, ['cancel', 'self']],
    [{ job: jobOf('Complete', { ...counts(2, 2), Report }) }, ['report', 'results', 'self']],
    [
      { request: reporting, job: jobOf('Cancelled', { ...counts(3, 2), Report }) },
      ['report', 'results', 'runRest', 'self'],
    ],
    [{ request: reporting, job: jobOf('Cancelled', counts(3, 0)) }, ['runRest', 'self']],
    [
      { job: jobOf('Complete', { ...counts(2, 1, 1), Report }) },
      ['failures', 'report', 'results', 'retryFailed', 'self'],
    ],
    [
      { request: { ...request, parent: { jobRequestId: 'p', rows: 'Failed', codes: null, results: null } } },
      ['parent', 'self'],
    ],
  ])('of %j', (members, expected) => {
    expect(linksOf(members)).toEqual(expected);
  });

  test('are paths of this API', () => {
    const { links } = jobResourceOf(nowOf({ job: jobOf('Complete', { ...counts(2, 1, 1), Report }) }));
    expect(links).toEqual({
      self,
      report: `${self}/report`,
      results: `${self}/results`,
      failures: `${self}/failures`,
      retryFailed: `${self}/retry-failed`,
    });
  });
});

describe('the time of the next call', () => {
  const at = (seconds: number) => START + seconds * 1000;

  test.each<[string, Partial<JobRequestNow>, number, number | undefined]>([
    ['a new request', {}, 0, 15],
    ['a request from the future', {}, -100, 15],
    ['a request of an hour', {}, 3600, 72],
    ['a job of an hour', { job: jobOf('Paused', { CreationTime: '2026-01-01T00:00:00Z' }) }, 3600, 72],
    [
      'a job with progress',
      { job: jobOf('Active', { CreationTime: '2026-01-01T00:00:00Z', ...counts(1000, 99, 0, 100) }) },
      100,
      100,
    ],
    ['an ended job', { job: jobOf('Complete') }, 100, undefined],
    ['a stopped watch without a job', { executionStatus: 'ABORTED' }, 100, undefined],
    [
      'a stopped watch of a running job',
      { executionStatus: 'ABORTED', job: jobOf('Paused', { CreationTime: '2026-01-01T00:00:00Z' }) },
      3600,
      72,
    ],
  ])('for %s', (_, members, seconds, expected) => {
    expect(retryAfterSeconds(nowOf(members), at(seconds))).toBe(expected);
    expect(isFinal(nowOf(members))).toBe(expected === undefined);
  });
});
