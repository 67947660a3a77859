/** `arn:aws:s3:::BUCKET`. The ARN of a bucket has neither Region nor account. */
export const BUCKET_ARN = /^arn:[^:]+:s3:::([^:/]+)$/;

/** `arn:aws:s3:::BUCKET/KEY`. The key may have colons, slashes and line feeds. */
export const OBJECT_ARN = /^arn:[^:]+:s3:::([^:/]+)\/(.+)$/s;

/** The bucket's name. Throws for anything that is not the ARN of a bucket. */
export function bucketOfArn(arn = ''): string {
  const [, bucket] = BUCKET_ARN.exec(arn) ?? [];
  if (bucket === undefined) throw new Error(`${arn} is not the ARN of a bucket`);
  return bucket;
}

/** The bucket's name and the key. Throws for anything that is not the ARN of an object. */
export function objectOfArn(arn = ''): { bucket: string; key: string } {
  const [, bucket, key] = OBJECT_ARN.exec(arn) ?? [];
  if (bucket === undefined || key === undefined) throw new Error(`${arn} is not the ARN of an object`);
  return { bucket, key };
}
