/** The bucket's name in `arn:aws:s3:::BUCKET`. */
export const bucketOfArn = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

/** The bucket's name and the key in `arn:aws:s3:::BUCKET/KEY`; the key may hold colons and slashes. */
export function objectOfArn(arn: string): { bucket: string; key: string } {
  const resource = arn.split(':').slice(5).join(':');
  const slash = resource.indexOf('/');
  return { bucket: resource.slice(0, slash), key: resource.slice(slash + 1) };
}
