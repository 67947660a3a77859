/** The bucket name of an ARN, also of a directory bucket; undefined for an access point and for anything else. */
export const bucketOfArn = (arn: string): string | undefined =>
  /^arn:[^:]+:(?:s3:::|s3express:[^:]*:[^:]*:bucket\/)([^:/]+)$/.exec(arn)?.[1];

/** Bucket and key of an object's ARN. */
export function objectOfArn(arn: string): { bucket: string; key: string } {
  const [, bucket = '', key = ''] = /^arn:[^:]+:s3:::([^/]+)\/(.+)$/s.exec(arn) ?? [];
  return { bucket, key };
}

/** A function named by name, partial ARN or ARN, each with or without a qualifier. */
export interface FunctionReference {
  name: string;
  /** A version or an alias. */
  qualifier?: string;
  /** Undefined when the reference omits it; Lambda then uses the caller's. */
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
