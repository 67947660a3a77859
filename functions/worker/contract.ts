/** The LambdaInvoke contract of S3 Batch Operations, invocation schemas 1.0 and 2.0. */
export interface InvocationEvent {
  invocationSchemaVersion: string;
  invocationId: string;
  job: { id: string; userArguments?: UserArguments | null };
  tasks: InvocationTask[];
}

export type UserArguments = Readonly<Record<string, string>>;

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

/** What we need of the context that Lambda hands to a function. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/** The object, or the version of it, that a task is about. */
export interface ObjectVersion {
  bucket: string;
  /** Decoded. */
  key: string;
  versionId?: string;
}

/**
 * The bucket's name, also out of an ARN: some documents show one with region and account, and that of a directory
 * bucket ends with `bucket/NAME`. An access point keeps its ARN, which S3 takes in a bucket's place.
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
