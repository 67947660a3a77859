/** For tests of actions: builds events as S3 Batch Operations sends them, and reads the outcomes. */
import type { InvocationEvent, ObjectVersion, ResultCode, UserArguments } from './contract.ts';
import { MAX_RESULT_BYTES } from './result-string.ts';
import type { Worker } from './worker.ts';

export interface EventOptions {
  /** Default 2.0. Schema 1.0 names the bucket by ARN and carries no arguments. */
  schema?: '1.0' | '2.0';
  /** As in a job request: see `userArgumentsOf`. */
  userArguments?: UserArguments;
  jobId?: string;
}

export interface TaskOutcome {
  resultCode: ResultCode;
  resultString: string;
}

const encodeKey = (key: string) => encodeURIComponent(key).replaceAll('%20', '+');

/** Arguments in the form of user arguments: strings unchanged, every other value as its JSON. */
export const userArgumentsOf = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );

/** The event for these objects, one task each. S3 sends one task per event. */
export function invocationEvent(
  objects: readonly ObjectVersion[],
  { schema = '2.0', userArguments, jobId = 'job-1' }: EventOptions = {},
): InvocationEvent {
  const isFirst = schema === '1.0';
  return {
    invocationSchemaVersion: schema,
    invocationId: 'invocation-1',
    job: { id: jobId, ...(!isFirst && { userArguments: userArguments ?? null }) },
    tasks: objects.map(({ bucket, key, versionId }, index) => ({
      taskId: `task/+${index}`,
      s3Key: encodeKey(key),
      s3VersionId: versionId ?? null,
      ...(isFirst ? { s3BucketArn: bucketArnOf(bucket) } : { s3Bucket: bucket }),
    })),
  };
}

const bucketArnOf = (bucket: string) =>
  bucket.endsWith('--x-s3')
    ? `arn:aws:s3express:us-east-1:000000000000:bucket/${bucket}`
    : `arn:aws:s3:::${bucket}`;

/**
 * Runs a worker on an event and resolves with the outcome of each task in the order of the event. Throws if the answer
 * breaks the contract. `remainingMs` is the time that Lambda reports, as a number or as a function called each time.
 */
export async function invoke(
  worker: Worker,
  event: InvocationEvent,
  remainingMs: number | (() => number) = 900_000,
): Promise<TaskOutcome[]> {
  const getRemainingTimeInMillis = typeof remainingMs === 'number' ? () => remainingMs : remainingMs;
  const sent: InvocationEvent = JSON.parse(JSON.stringify(event));
  const answer = JSON.parse(JSON.stringify(await worker(sent, { getRemainingTimeInMillis })));
  const results: (TaskOutcome & { taskId: string })[] = answer.results;
  const taskIds = event.tasks.map(({ taskId }) => taskId);
  check(answer.invocationSchemaVersion === event.invocationSchemaVersion, 'another schema version');
  check(answer.invocationId === event.invocationId, 'another invocation id');
  check(results.map(({ taskId }) => taskId).join() === taskIds.join(), 'not one result for each task');
  return results.map(({ resultCode, resultString }) => {
    check(/^(Succeeded|TemporaryFailure|PermanentFailure)$/.test(resultCode), `result code ${resultCode}`);
    check(Buffer.byteLength(resultString) <= MAX_RESULT_BYTES, 'a result string over the limit');
    return { resultCode, resultString };
  });
}

/** Runs one action of a worker on one object. */
export async function runAction(
  worker: Worker,
  object: ObjectVersion,
  values: Readonly<Record<string, unknown>>,
  remainingMs?: number,
): Promise<TaskOutcome> {
  const event = invocationEvent([object], { userArguments: userArgumentsOf(values) });
  const [outcome] = await invoke(worker, event, remainingMs);
  return outcome as TaskOutcome;
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(`the answer breaks the contract of LambdaInvoke: ${otherwise}`);
}
