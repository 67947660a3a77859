/** The LambdaInvoke contract of S3 Batch Operations, invocation schemas 1.0 and 2.0. */
export interface InvocationEvent {
  invocationSchemaVersion: string;
  invocationId: string;
  job: { id: string; userArguments?: Record<string, string> | null };
  tasks: InvocationTask[];
}

export interface InvocationTask {
  /** Opaque, may be longer than 1,000 characters; goes back unchanged. */
  taskId: string;
  /** URL-encoded, `+` for a space. */
  s3Key: string;
  s3VersionId?: string | null;
  /** Schema 1.0. */
  s3BucketArn?: string;
  /** Schema 2.0. */
  s3Bucket?: string;
}

export type ResultCode = 'Succeeded' | 'TemporaryFailure' | 'PermanentFailure';

export interface TaskResult {
  taskId: string;
  resultCode: ResultCode;
  resultString: string;
}

export interface InvocationAnswer {
  invocationSchemaVersion: string;
  /** For a task without a result; S3 invokes the function for it again. */
  treatMissingKeysAs: ResultCode;
  invocationId: string;
  results: TaskResult[];
}

/** The object, or the version of it, that a task is about. */
export interface ObjectVersion {
  bucket: string;
  /** Decoded. */
  key: string;
  versionId?: string;
}

export function objectOf(task: InvocationTask): ObjectVersion {
  // Some documents show an ARN with region and account; the name always comes last.
  const bucket = task.s3Bucket ?? task.s3BucketArn?.replace(/^.*:/, '') ?? '';
  const key = decodeURIComponent(task.s3Key.replaceAll('+', ' '));
  return { bucket, key, ...(task.s3VersionId && { versionId: task.s3VersionId }) };
}
