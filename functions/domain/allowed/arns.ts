/** Name of the bucket of an ARN, also of a directory bucket; undefined for an access point and whatever is no bucket. */
export const bucketOfArn = (arn: string): string | undefined =>
  /^arn:[^:]+:(?:s3:::|s3express:[^:]*:[^:]*:bucket\/)([^:/]+)$/.exec(arn)?.[1];

/** Bucket and key of an object's ARN. */
export function objectOfArn(arn: string): { bucket: string; key: string } {
  const [, bucket = '', key = ''] = /^arn:[^:]+:s3:::([^/]+)\/(.+)$/s.exec(arn) ?? [];
  return { bucket, key };
}

/** A function as a caller may name it: by its name, a partial ARN or an ARN, each with or without a qualifier. */
export interface FunctionReference {
  name: string;
  /** A version or an alias. */
  qualifier?: string;
  /** Undefined where the reference leaves it open: then it is the caller's own. */
  region?: string;
  accountId?: string;
}

const FUNCTION =
  /^(?:arn:[^:]+:lambda:)?(?:(?<region>[a-z]{2}-[a-z-]+-\d):)?(?:(?<accountId>\d{12}):)?(?:function:)?(?<name>[\w-]+)(?::(?<qualifier>\$LATEST|[\w-]+))?$/;

export function functionReferenceOf(text: string): FunctionReference | undefined {
  const { name, ...rest } = FUNCTION.exec(text)?.groups ?? {};
  if (!name) return undefined;
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  return { name, ...Object.fromEntries(given) };
}
