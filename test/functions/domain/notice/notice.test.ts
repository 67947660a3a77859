import { describe, expect, test } from '@jest/globals';
import type { Event } from '../../../../functions/domain/notice/event.ts';
import { noticeOf } from '../../../../functions/domain/notice/notice.ts';
import { headlineOf, nextOf, summaryOf } from '../../../../functions/domain/notice/notice-words.ts';
import { acceptedRequest, JOB_ID, JOB_REQUEST_ID, jobOf } from '../../../support/jobs.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const deployment = { region: 'eu-central-1', apiUrl: 'https://api.example' };
const base = { time: new Date(START).toISOString(), status: 'Complete' };
const finalOf = (members: Partial<Event>): Event => ({ kind: 'final', ...base, ...members });
const counts = (total: number, succeeded = 0, failed = 0) => ({
  ProgressSummary: {
    TotalNumberOfTasks: total,
    NumberOfTasksSucceeded: succeeded,
    NumberOfTasksFailed: failed,
  },
});

/** A request whose report lists all tasks. */
const reported = acceptedRequest(
  { createJob: { Report: { Enabled: true, ReportScope: 'AllTasks' } } },
  START,
);

describe('the headline', () => {
  test.each<[Partial<Event>, string]>([
    [{ outcome: 'Succeeded', job: jobOf('Complete', counts(1, 1)) }, '1 object completed'],
    [{ outcome: 'Succeeded', job: jobOf('Complete', counts(0)) }, 'all 0 objects completed'],
    [{ outcome: 'Succeeded', job: jobOf('Complete', counts(1200, 1200)) }, 'all 1,200 objects completed'],
    [{ outcome: 'CompletedWithFailures', job: jobOf('Complete', counts(1, 0, 1)) }, '1 of 1 object failed'],
    [{ outcome: 'WatchEnded' }, 'no longer watched, the job may still run'],
    [
      { kind: 'needs-confirmation', job: jobOf('Suspended', counts(1)) },
      'confirm the job to start on 1 object',
    ],
    [
      { kind: 'needs-confirmation', job: jobOf('Suspended', counts(2)) },
      'confirm the job to start on 2 objects',
    ],
  ])('of %j is %j', (event, expected) => {
    expect(headlineOf(finalOf(event))).toBe(expected);
  });

  test('of a job without counts, and of no job, has no objects', () => {
    const { ProgressSummary: _, ...job } = jobOf('Suspended');
    for (const known of [{ job }, {}])
      expect(headlineOf(finalOf({ kind: 'needs-confirmation', ...known }))).toBe(
        'confirm the job to start on 0 objects',
      );
  });
});

describe('the summary', () => {
  test.each<[string, Partial<Event>, string]>([
    [
      'one object',
      { outcome: 'Cancelled', job: jobOf('Cancelled', counts(1)) },
      'The job was cancelled; 0 of 1 object was completed before that.',
    ],
    [
      'several objects',
      { outcome: 'Failed', job: jobOf('Failed', counts(2, 1)) },
      'The job failed; 1 of 2 objects were completed before that.',
    ],
    [
      'no object',
      { outcome: 'Failed', job: jobOf('Failed', counts(0)) },
      'The job failed; no object was changed.',
    ],
    [
      'a reason that ends with a full stop',
      {
        outcome: 'Failed',
        job: jobOf('Failed', {
          ...counts(0),
          FailureReasons: [{ FailureCode: 'X', FailureReason: 'It broke.' }],
        }),
      },
      'The job failed: It broke; no object was changed.',
    ],
    [
      'no refusal',
      { outcome: 'NotCreated' },
      'S3 Batch Operations refused to create the job: no reason given.',
    ],
  ])('with %s', (_, event, expected) => {
    expect(summaryOf(finalOf(event))).toBe(expected);
  });
});

describe('the next steps', () => {
  const report = { bucket: 'b', manifestKey: 'k', state: 'not-there-yet' as const };
  const call = `/jobs/${JOB_REQUEST_ID}`;

  test.each<[string, Partial<Event>, string[]]>([
    [
      'a job without failed tasks',
      { outcome: 'Succeeded', job: jobOf('Complete', counts(2, 2)), report },
      [],
    ],
    [
      'failed tasks without a report',
      { outcome: 'CompletedWithFailures', job: jobOf('Complete', counts(2, 1, 1)) },
      [],
    ],
    [
      'failed tasks with a report that was not read',
      { outcome: 'CompletedWithFailures', job: jobOf('Complete', counts(2, 1, 1)), report },
      [
        `GET ${call}/failures to list what failed`,
        `POST ${call}/retry-failed to retry the failed objects that can succeed now`,
      ],
    ],
    [
      'rows that never ran',
      { outcome: 'Cancelled', job: jobOf('Cancelled', counts(3, 2)), report },
      [`POST ${call}/run-rest to run the objects that never ran`],
    ],
    [
      'a running job',
      { kind: 'created', jobId: JOB_ID },
      [`GET ${call} to follow it`, `POST ${call}/cancel to cancel it`],
    ],
  ])('for %s', (_, event, expected) => {
    expect(nextOf(finalOf(event), reported)).toEqual(expected);
  });
});

describe('a notice', () => {
  const request = acceptedRequest(
    {
      watch: { TagAttributes: ['team', 'empty'] },
      createJob: {
        Description: `${'d'.repeat(120)}é\n [${JOB_REQUEST_ID}]`,
        Tags: [
          { Key: 'team', Value: 'media' },
          { Key: 'empty', Value: '' },
          { Key: 'other', Value: 'x' },
        ],
      },
    },
    START,
  );

  test('has a subject of at most 99 characters of printable ASCII', () => {
    const { subject } = noticeOf(finalOf({ outcome: 'Failed' }), request, deployment);
    expect(subject).toHaveLength(99);
    expect(subject).toMatch(/^[\x20-\x7e]+$/);
  });

  test('has attributes for the wanted tags that are not empty', () => {
    const { attributes } = noticeOf(finalOf({ outcome: 'Failed' }), request, deployment);
    const values = Object.fromEntries(
      Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue]),
    );
    expect(values).toEqual({
      kind: 'final',
      outcome: 'Failed',
      status: 'Complete',
      operation: 'S3DeleteObjectTagging',
      jobRequestId: JOB_REQUEST_ID,
      team: 'media',
    });
  });

  test('has the duration of the job, and the link to the console of its Region', () => {
    const job = jobOf('Complete', {
      CreationTime: '2026-01-01T00:00:00Z',
      TerminationDate: '2026-01-01T00:01:30.600Z',
    });
    const { message } = noticeOf(
      finalOf({ job, jobId: JOB_ID, time: '2026-01-01T00:05:00Z' }),
      request,
      deployment,
    );
    expect(JSON.parse(message)).toMatchObject({
      durationSeconds: 91,
      links: {
        job: `https://api.example/jobs/${JOB_REQUEST_ID}`,
        console: `https://eu-central-1.console.aws.amazon.com/s3/jobs/${JOB_ID}?region=eu-central-1`,
      },
    });
  });

  test('has at most five top errors, and none for a report without failed rows', () => {
    const byCode = Array.from({ length: 7 }, (_, i) => ({
      errorCode: `E${i}`,
      httpStatus: 500,
      count: 9 - i,
      isRetryable: true,
    }));
    const digest = { failed: 7, isSample: false, byCode, byPrefix: [], samples: [], retryableShare: 1 };
    const report = { bucket: 'b', manifestKey: 'k', state: 'summarized' as const, digest };
    const read = (of: object) =>
      JSON.parse(noticeOf(finalOf({ report: { ...report, ...of } }), request, deployment).message);
    expect(read({}).topErrors.map(({ errorCode }: { errorCode: string }) => errorCode)).toEqual([
      'E0',
      'E1',
      'E2',
      'E3',
      'E4',
    ]);
    expect(read({ digest: { ...digest, failed: 0 } })).not.toHaveProperty('topErrors');
  });
});
