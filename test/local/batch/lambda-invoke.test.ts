import type { LambdaInvokeOperation } from '@aws-sdk/client-s3-control';
import { describe, expect, test } from '@jest/globals';
import { AwsError } from '../../../local/core/aws-error.ts';
import { virtualClock } from '../../../local/core/clock.ts';
import type { Lambda } from '../../../local/lambda/lambda.ts';
import {
  answerFor,
  functionThat,
  keysOf,
  type LambdaEvent,
  reportOf,
  rowsOf,
  startBatch,
} from '../../support/batch.ts';

const HOUR_MS = 60 * 60 * 1000;

/** Runs a job of one object, or of the given rows, and returns the job with the rows of its report. */
async function run(
  lambda: Lambda,
  members: Partial<LambdaInvokeOperation> = {},
  rows = 'data,photos/two+words.jpg\n',
) {
  const stack = await startBatch({ lambda });
  const Operation = { LambdaInvoke: { FunctionArn: 'resize', ...members } };
  const job = await stack.run(await stack.request(rows, { Operation }), HOUR_MS);
  const report = await reportOf(stack.s3, job.JobId ?? '');
  return { job, rows: [...report.rows.succeeded, ...report.rows.failed] };
}

const row = (rest: string) => [`data,photos/two+words.jpg,,${rest}`];

describe('the event', () => {
  const eventOf = async (members: Partial<LambdaInvokeOperation>) => {
    const events: LambdaEvent[] = [];
    const { job } = await run(
      functionThat((event) => {
        events.push(event);
        return answerFor(event, 'Succeeded');
      }),
      members,
    );
    return { event: events[0] as LambdaEvent, JobId: job.JobId };
  };

  test('of schema 1.0 names the bucket by ARN and the key as in the manifest', async () => {
    const { event, JobId } = await eventOf({});
    expect(event).toEqual({
      invocationSchemaVersion: '1.0',
      invocationId: expect.any(String),
      job: { id: JobId },
      tasks: [
        {
          taskId: expect.any(String),
          s3Key: 'photos/two+words.jpg',
          s3VersionId: null,
          s3BucketArn: 'arn:aws:s3:::data',
        },
      ],
    });
  });

  test('of schema 2.0 names the bucket and has the user arguments', async () => {
    const UserArguments = { width: '640', 'a "b"': '' };
    const { event, JobId } = await eventOf({ InvocationSchemaVersion: '2.0', UserArguments });
    expect(event).toMatchObject({
      invocationSchemaVersion: '2.0',
      job: { id: JobId, userArguments: UserArguments },
      tasks: [{ s3Bucket: 'data' }],
    });
    expect(event.tasks[0]).not.toHaveProperty('s3BucketArn');
  });

  test('of schema 2.0 has no user arguments when the job has none', async () => {
    const { event } = await eventOf({ InvocationSchemaVersion: '2.0' });
    expect(event.job).not.toHaveProperty('userArguments');
  });

  test('has the version id of the row', async () => {
    const stack = await startBatch({
      lambda: functionThat((event) => answerFor(event, 'Succeeded', String(event.tasks[0]?.s3VersionId))),
    });
    const request = await stack.request('data,a,v1\ndata,b,\n', {
      Operation: { LambdaInvoke: { FunctionArn: 'f' } },
    });
    const Spec = { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key', 'VersionId'] };
    const { JobId = '' } = await stack.run({ ...request, Manifest: { ...request.Manifest, Spec } as never });
    expect((await reportOf(stack.s3, JobId)).rows).toEqual({
      succeeded: ['data,a,v1,succeeded,200,,v1'],
      failed: ['data,b,,failed,400,InvalidRequest,Task failed due to missing VersionId'],
    });
  });

  test("is sent to the job's function, one for each object, with limited concurrency", async () => {
    const names = new Set<string>();
    let [inProgress, most, calls] = [0, 0, 0];
    const answer = functionThat((event) => answerFor(event, 'Succeeded'));
    const clock = virtualClock(0);
    const lambda: Lambda = {
      async invoke(name, payload) {
        names.add(name);
        calls++;
        most = Math.max(most, ++inProgress);
        await clock.sleep(100);
        inProgress--;
        return answer.invoke(name, payload);
      },
    };
    const stack = await startBatch({ lambda, clock, concurrency: 7 });
    const FunctionArn = 'arn:aws:lambda:us-east-1:000000000000:function:resize:7';
    const job = await stack.run(
      await stack.request(rowsOf(keysOf(200)), { Operation: { LambdaInvoke: { FunctionArn } } }),
      HOUR_MS,
    );
    expect(job.ProgressSummary).toMatchObject({
      NumberOfTasksSucceeded: 200,
      Timers: { ElapsedTimeInActiveSeconds: 2 },
    });
    expect({ names: [...names], most, calls }).toEqual({ names: [FunctionArn], most: 7, calls: 200 });
  });
});

describe('the answer', () => {
  test('Succeeded reports its string, truncated to 1,024 characters', async () => {
    const { rows } = await run(functionThat((event) => answerFor(event, 'Succeeded', 'x'.repeat(1100))));
    expect(rows).toEqual(row(`succeeded,200,,${'x'.repeat(1024)}`));
  });

  test('PermanentFailure fails the task at once', async () => {
    let calls = 0;
    const lambda = functionThat((event) => {
      calls++;
      return answerFor(event, 'PermanentFailure', 'no such size');
    });
    expect((await run(lambda)).rows).toEqual(row('failed,200,PermanentFailure,no such size'));
    expect(calls).toBe(1);
  });

  test('TemporaryFailure is retried with another invocation id and the same task id', async () => {
    const events: LambdaEvent[] = [];
    const lambda = functionThat((event) => {
      events.push(event);
      return answerFor(event, events.length < 3 ? 'TemporaryFailure' : 'Succeeded', 'third time');
    });
    expect((await run(lambda)).rows).toEqual(row('succeeded,200,,third time'));
    expect(new Set(events.map(({ invocationId }) => invocationId)).size).toBe(3);
    expect(new Set(events.map(({ tasks }) => tasks[0]?.taskId)).size).toBe(1);
  });

  test('TemporaryFailure fails the task after three attempts', async () => {
    let calls = 0;
    const lambda = functionThat((event) => {
      calls++;
      return answerFor(event, 'TemporaryFailure', 'busy');
    });
    expect((await run(lambda)).rows).toEqual(row('failed,200,TemporaryFailure,busy'));
    expect(calls).toBe(3);
  });

  const silent = (treatMissingKeysAs?: string) =>
    functionThat(({ invocationId }) => ({
      invocationSchemaVersion: '1.0',
      invocationId,
      treatMissingKeysAs,
      results: [{ taskId: 'another task', resultCode: 'PermanentFailure' }],
    }));

  test.each([
    ['Succeeded', 'succeeded,200,,'],
    ['PermanentFailure', 'failed,200,PermanentFailure,'],
    ['TemporaryFailure', 'failed,200,TemporaryFailure,The task failed temporarily in its last attempt'],
    [undefined, 'failed,200,TemporaryFailure,The task failed temporarily in its last attempt'],
  ])('without the task counts as treatMissingKeysAs %s', async (treatMissingKeysAs, expected) => {
    expect((await run(silent(treatMissingKeysAs))).rows).toEqual(row(expected));
  });

  test.each([
    ['no JSON', 'oops'],
    ['null', 'null'],
    ['no results', '{}'],
    ['results that are no list', '{"results":{}}'],
    ['a result that is null', '{"results":[null]}'],
    ['an unknown result code', '{"results":[{"taskId":"a","resultCode":"Fine"}]}'],
    ['an unknown treatMissingKeysAs', '{"treatMissingKeysAs":"Fine","results":[]}'],
  ])('that is %s fails the task', async (_, payload) => {
    const { rows } = await run(functionThat(() => payload));
    expect(rows).toEqual(row('failed,200,PermanentFailure,Invalid JSON returned in Lambda payload'));
  });

  test('without an invocation id or schema version is accepted', async () => {
    const lambda = functionThat(({ tasks }) => ({
      results: tasks.map(({ taskId }) => ({ taskId, resultCode: 'Succeeded' })),
    }));
    expect((await run(lambda)).rows).toEqual(row('succeeded,200,,'));
  });
});

describe('a function that does not answer', () => {
  test('but throws or times out fails the task with the error', async () => {
    const payload = '{"errorMessage":"Task timed out after 3.00 seconds"}';
    const lambda: Lambda = { invoke: async () => ({ payload, functionError: 'Unhandled' }) };
    expect((await run(lambda)).rows).toEqual(
      row(
        'failed,200,PermanentFailure,"Lambda returned function error: {""errorMessage"":""Task timed out after 3.00 seconds""}"',
      ),
    );
  });

  test("because it does not exist fails the task with Lambda's error", async () => {
    let calls = 0;
    const lambda: Lambda = {
      invoke: async () => {
        calls++;
        throw new AwsError('ResourceNotFoundException', 404, 'Function not found: resize');
      },
    };
    expect((await run(lambda)).rows).toEqual(
      row('failed,404,ResourceNotFoundException,Function not found: resize'),
    );
    expect(calls).toBe(1);
  });

  test('because Lambda throttles or is unavailable is invoked again until it answers', async () => {
    let calls = 0;
    const answer = functionThat((event) => answerFor(event, 'Succeeded', 'at last'));
    const lambda: Lambda = {
      invoke: async (name, payload) => {
        if (++calls % 2 === 1) throw new AwsError('TooManyRequestsException', 429, 'Rate exceeded');
        if (calls < 8) throw new AwsError('ServiceException', 500, 'Internal error');
        return answer.invoke(name, payload);
      },
    };
    expect((await run(lambda)).rows).toEqual(row('succeeded,200,,at last'));
    expect(calls).toBe(8);
  });
});
