import type { LambdaInvokeOperation } from '@aws-sdk/client-s3-control';
import type { Task } from '../task.ts';

export interface LambdaEvent {
  payload: string;
  /** In the order of the tasks. */
  taskIds: string[];
}

/**
 * Writes the events for one job's function: schema 1.0 has the bucket's ARN, 2.0 has its name and the job's
 * arguments. Keys are URL-encoded as in the manifest.
 */
export function createEventWriter(
  jobId: string,
  { InvocationSchemaVersion = '1.0', UserArguments }: LambdaInvokeOperation,
): (tasks: readonly Task[], attempt: number) => LambdaEvent {
  const isFirst = InvocationSchemaVersion === '1.0';
  const schema = JSON.stringify(InvocationSchemaVersion);
  const job = JSON.stringify({ id: jobId, ...(UserArguments && { userArguments: UserArguments }) });
  const bucketMember = isFirst ? '"s3BucketArn":"arn:aws:s3:::' : '"s3Bucket":"';

  const taskText = (task: Task, taskId: string) =>
    `{"taskId":"${taskId}","s3Key":${JSON.stringify(task.rawKey)},"s3VersionId":${versionText(task)},${bucketMember}${bucketText(task)}"}`;

  // Concatenated by hand: JSON.stringify of the whole event would cost a quarter of the throughput.
  return (tasks, attempt) => {
    const first = tasks[0]?.number ?? 0;
    const taskIds = tasks.map((task) => opaque(`${jobId}/task/${task.number}`));
    const texts = tasks.map((task, index) => taskText(task, taskIds[index] ?? ''));
    return {
      taskIds,
      payload: `{"invocationSchemaVersion":${schema},"invocationId":"${opaque(`${jobId}/${first}/${attempt}`)}","job":${job},"tasks":[${texts.join()}]}`,
    };
  };
}

const versionText = ({ versionId }: Task): string =>
  versionId === undefined ? 'null' : JSON.stringify(versionId);

const bucketText = ({ bucket }: Task): string => JSON.stringify(bucket).slice(1, -1);

/** Ids have the form of S3's ids; callers must not interpret them. */
const opaque = (text: string): string => btoa(text);
