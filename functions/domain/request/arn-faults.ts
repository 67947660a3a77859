import type { Fault } from '../../core/errors.ts';
import type { JobRequest } from '../../core/generated/job-request.mjs';

/** The forms that S3 accepts: a bucket, a directory bucket, or an access point. */
const BUCKET_ARN =
  /^arn:aws[a-z-]*:(?:s3:::[\w.-]{1,255}|s3express:[a-z0-9-]+:\d{12}:bucket\/[\w.-]{1,63}|s3(?:express)?:[a-z0-9-]+:\d{12}:accesspoint[/:][\w-]{3,63})$/;
const OBJECT_ARN = /^arn:aws[a-z-]*:s3:::[\w.-]{1,255}\/.+$/s;
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/;

const fault = (pointer: string, detail: string): Fault => ({ pointer, detail, code: 'arn' });

function bucketFaults(pointer: string, arn: string | undefined, prefixMember: string): Fault[] {
  if (arn === undefined || BUCKET_ARN.test(arn)) return [];
  const [, bucket, folder] = /^(arn:aws[a-z-]*:s3:::[\w.-]+)\/(.*)$/.exec(arn) ?? [];
  if (bucket === undefined)
    return [fault(pointer, 'is not the ARN of a bucket, for example arn:aws:s3:::my-bucket')];
  const rest = folder ? `, and set ${prefixMember} to ${folder}` : '';
  return [fault(pointer, `has more than a bucket; use ${bucket}${rest}`)];
}

/** Malformed ARNs. Whether this deployment allows a well-formed one is checked later. */
export function arnFaults({ Manifest, ManifestGenerator, Operation, Report, RoleArn }: JobRequest): Fault[] {
  const generator = ManifestGenerator?.S3JobManifestGenerator;
  const at = '/ManifestGenerator/S3JobManifestGenerator';
  const copy = Operation.S3PutObjectCopy;
  return [
    ...(Manifest && !OBJECT_ARN.test(Manifest.Location.ObjectArn)
      ? [
          fault(
            '/Manifest/Location/ObjectArn',
            'is not the ARN of an object, for example arn:aws:s3:::my-bucket/my-key',
          ),
        ]
      : []),
    ...(RoleArn?.startsWith('arn:') && !ROLE_ARN.test(RoleArn)
      ? [fault('/RoleArn', 'is not the ARN of a role, for example arn:aws:iam::123456789012:role/my-role')]
      : []),
    ...bucketFaults('/Report/Bucket', Report?.Bucket, 'Prefix'),
    ...bucketFaults('/Operation/S3PutObjectCopy/TargetResource', copy?.TargetResource, 'TargetKeyPrefix'),
    ...bucketFaults(`${at}/SourceBucket`, generator?.SourceBucket, 'Filter.KeyNameConstraint.MatchAnyPrefix'),
    ...bucketFaults(
      `${at}/ManifestOutputLocation/Bucket`,
      generator?.ManifestOutputLocation?.Bucket,
      'ManifestPrefix',
    ),
  ];
}
