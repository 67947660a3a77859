/** The LambdaInvoke contract of S3 Batch Operations, invocation schemas 1.0 and 2.0. */
export interface InvocationEvent {
  invocationSchemaVersion: string;
  invocationId: string;
  job: { id: string; userArguments?: UserArguments | null };
  tasks: InvocationTask[];
}

export type UserArguments = Readonly<Record<string, string>>;

export interface InvocationTask {
  /** Opaque, can be longer than 1,000 characters; returned unchanged. */
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
  /** The result code of a task without a result; S3 then invokes the function for it again. */
  treatMissingKeysAs: ResultCode;
  invocationId: string;
  results: TaskResult[];
}

/** The part of Lambda's context object that the worker uses. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/** The object, or one version of it, that a task names. */
export interface ObjectVersion {
  bucket: string;
  /** Decoded. */
  key: string;
  versionId?: string;
}

/**
 * The bucket's name, also from an ARN: some AWS documents show an ARN with Region and account, and the ARN of a directory
 * bucket ends with `bucket/NAME`. An access point keeps its ARN, because S3 accepts it instead of a bucket name.
 */
function bucketOf({ s3Bucket, s3BucketArn }: InvocationTask): string {
  const bucket = s3Bucket ?? s3BucketArn ?? '';
  if (!bucket.startsWith('arn:')) return bucket;
  const name = bucket.slice(bucket.lastIndexOf(':') + 1).replace(/^bucket\//, '');
  return name.includes('/') ? bucket : name;
}

/** Throws URIError for a key that is not URL-encoded UTF-8. */
export function objectOf(task: InvocationTask): ObjectVersion {
  const key = decodeURIComponent(task.s3Key.replaceAll('+', ' '));
  const bucket = bucketOf(task);
  return task.s3VersionId ? { bucket, key, versionId: task.s3VersionId } : { bucket, key };
}
