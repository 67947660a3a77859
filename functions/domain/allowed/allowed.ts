import { type Fault, KnownError } from '../../core/errors.ts';
import type { JobRequest } from '../../core/generated/job-request.mjs';
import type { StackDefaults } from '../request/create-job-input.ts';
import { operationNameOf } from '../request/operation.ts';
import { bucketOfArn, functionReferenceOf, objectOfArn } from './arns.ts';
import { dangerFaults, type Switches } from './dangers.ts';
import { fitsOne, isInside, type S3Location } from './patterns.ts';
import { roleArnOf } from './roles.ts';
import { manifestPrefixOf, reportPrefixOf } from './stack-bucket.ts';
import { workerDestinationFaults } from './worker-destinations.ts';

/** What callers of this deployment may name. Buckets are patterns: `logs-*`, or `logs/2026*` for some of the keys. */
export interface Allowed extends StackDefaults, Switches {
  region: string;
  /** Names; empty for all. */
  operations: readonly string[];
  /** Of the objects that jobs process. */
  dataBuckets: readonly string[];
  manifestBuckets: readonly string[];
  /** Also for the lists that a manifest generator writes. */
  reportBuckets: readonly string[];
  /** For S3PutObjectCopy, and for the copies of the worker. */
  targetBuckets: readonly string[];
  /** Functions of this account and Region; the worker is always allowed. */
  functionNames: readonly string[];
  /** Written as in requests. */
  kmsKeys: readonly string[];
  /** Hosts, optionally with the start of a path. */
  webhooks: readonly string[];
}

const fault = (pointer: string, detail: string, code: string): Fault => ({ pointer, detail, code });

/** Whether jobs may touch objects of the bucket. Never of the stack's bucket, even if a pattern has its name. */
export const isDataBucket = ({ bucket: own, dataBuckets }: Allowed, bucket: string): boolean =>
  bucket !== own && isInside(dataBuckets, { bucket });

/** Whether a caller may have an object read as a manifest: in the stack's bucket only those of its tenant. */
export const isManifestLocation = (allowed: Allowed, location: { bucket: string; key: string }): boolean =>
  location.bucket === allowed.bucket
    ? location.key.startsWith(`${manifestPrefixOf(allowed.tenantMark)}/`)
    : isInside(allowed.manifestBuckets, location);

/** Whether this service may read rows from an object: a manifest, or a list that a manifest generator wrote. */
export const isListLocation = (allowed: Allowed, location: { bucket: string; key: string }): boolean =>
  isManifestLocation(allowed, location) ||
  (location.bucket !== allowed.bucket && isInside(allowed.reportBuckets, location));

/** For objects that a job reads or writes. They are never in the stack's bucket. */
function locationFaults(
  pointer: string,
  location: S3Location | undefined,
  patterns: readonly string[],
  { bucket }: Allowed,
): Fault[] {
  if (location && location.bucket !== bucket && isInside(patterns, location)) return [];
  const detail = location
    ? 'is not a bucket or prefix that this deployment lists'
    : 'is not the ARN of a bucket';
  return [fault(pointer, detail, 'bucket')];
}

/** For reports and lists, which can also be in the stack's bucket, below a prefix of the tenant. */
function storeFaults(
  pointer: string,
  location: S3Location | undefined,
  ownPrefix: string,
  allowed: Allowed,
): Fault[] {
  if (location?.bucket !== allowed.bucket)
    return locationFaults(pointer, location, allowed.reportBuckets, allowed);
  if (location.prefix?.startsWith(`${ownPrefix}/`)) return [];
  return [fault(pointer, `needs a prefix that starts with ${ownPrefix}/ in this bucket`, 'bucket')];
}

/** The location of a prefix. S3 adds a slash to it unless it ends with one. */
function folderOf(bucketArn: string, prefix: string | undefined): S3Location | undefined {
  const bucket = bucketOfArn(bucketArn);
  return bucket === undefined
    ? undefined
    : { bucket, ...(prefix && { prefix: `${prefix.replace(/\/$/, '')}/` }) };
}

function accountFaults(request: JobRequest, allowed: Allowed): Fault[] {
  const { AccountId, RoleArn } = request;
  const faults: Fault[] = [];
  if (AccountId !== undefined && AccountId !== allowed.accountId)
    faults.push(fault('/AccountId', 'is another account than that of this deployment; omit it', 'account'));
  if (!roleArnOf(RoleArn, allowed.roleArns))
    faults.push(fault('/RoleArn', 'is not a listed role; omit it for the default role', 'role'));
  const operation = operationNameOf(request);
  if (allowed.operations.length > 0 && !allowed.operations.includes(operation))
    faults.push(fault(`/Operation/${operation}`, 'is not a listed operation', 'operation'));
  return faults;
}

const priorityFaults = (priority = 0, maxPriority: number): Fault[] =>
  priority > maxPriority
    ? [fault('/Priority', `is above maxPriority of this deployment, ${maxPriority}`, 'priority')]
    : [];

function manifestLocationFaults(
  { Manifest, Objects, ManifestGenerator }: JobRequest,
  allowed: Allowed,
): Fault[] {
  const faults: Fault[] = [];
  if (Manifest) {
    const location = objectOfArn(Manifest.Location.ObjectArn);
    if (!isManifestLocation(allowed, location)) {
      const detail =
        location.bucket === allowed.bucket
          ? `needs a key that starts with ${manifestPrefixOf(allowed.tenantMark)}/ in this bucket`
          : 'is not a bucket or prefix that this deployment lists';
      faults.push(fault('/Manifest/Location/ObjectArn', detail, 'bucket'));
    }
  }
  // Rules refuse objects of several buckets.
  const [object] = Objects ?? [];
  if (object)
    faults.push(
      ...locationFaults('/Objects/0/Bucket', { bucket: object.Bucket }, allowed.dataBuckets, allowed),
    );
  if (ManifestGenerator) {
    const at = '/ManifestGenerator/S3JobManifestGenerator';
    const { SourceBucket, ManifestOutputLocation: output } = ManifestGenerator.S3JobManifestGenerator;
    faults.push(
      ...locationFaults(
        `${at}/SourceBucket`,
        folderOf(SourceBucket, undefined),
        allowed.dataBuckets,
        allowed,
      ),
    );
    if (output) {
      const location = folderOf(output.Bucket, output.ManifestPrefix);
      const own = manifestPrefixOf(allowed.tenantMark);
      faults.push(...storeFaults(`${at}/ManifestOutputLocation/Bucket`, location, own, allowed));
    }
  }
  return faults;
}

function outputFaults(
  { Report, Operation: { S3PutObjectCopy: copy } }: JobRequest,
  allowed: Allowed,
): Fault[] {
  const faults: Fault[] = [];
  if (Report?.Bucket ?? Report?.Prefix) {
    const { Bucket: arn = `arn:aws:s3:::${allowed.bucket}`, Prefix } = Report ?? {};
    const own = reportPrefixOf(allowed.tenantMark);
    const isOwn = bucketOfArn(arn) === allowed.bucket;
    const location = folderOf(arn, Prefix ?? (isOwn ? own : undefined));
    const pointer = isOwn ? '/Report/Prefix' : '/Report/Bucket';
    faults.push(...storeFaults(pointer, location, own, allowed));
  }
  if (copy) {
    const location = folderOf(copy.TargetResource, copy.TargetKeyPrefix);
    const pointer = '/Operation/S3PutObjectCopy/TargetResource';
    faults.push(...locationFaults(pointer, location, allowed.targetBuckets, allowed));
  }
  return faults;
}

function functionFaults({ Operation }: JobRequest, allowed: Allowed): Fault[] {
  const named = Operation.LambdaInvoke?.FunctionArn;
  if (named === undefined) return [];
  const { name = '', region, accountId } = functionReferenceOf(named) ?? {};
  const isHere =
    (region ?? allowed.region) === allowed.region && (accountId ?? allowed.accountId) === allowed.accountId;
  const worker = functionReferenceOf(allowed.workerArn)?.name ?? '';
  if (isHere && (name === worker || fitsOne(allowed.functionNames, name))) return [];
  return [
    fault(
      '/Operation/LambdaInvoke/FunctionArn',
      'is not a listed function of this account and Region; omit it for the worker',
      'function',
    ),
  ];
}

/** The KMS keys in a request. */
function namedKeys({
  Operation,
  ManifestGenerator,
}: JobRequest): [pointer: string, key: string | undefined][] {
  const { ManifestOutputLocation: output, Filter } = ManifestGenerator?.S3JobManifestGenerator ?? {};
  const at = '/ManifestGenerator/S3JobManifestGenerator';
  const filters = Filter?.MatchAnyObjectEncryption ?? [];
  return [
    [
      '/Operation/S3UpdateObjectEncryption/ObjectEncryption/SSEKMS/KMSKeyArn',
      Operation.S3UpdateObjectEncryption?.ObjectEncryption?.SSEKMS?.KMSKeyArn,
    ],
    ['/Operation/S3PutObjectCopy/SSEAwsKmsKeyId', Operation.S3PutObjectCopy?.SSEAwsKmsKeyId],
    [
      `${at}/ManifestOutputLocation/ManifestEncryption/SSEKMS/KeyId`,
      output?.ManifestEncryption?.SSEKMS?.KeyId,
    ],
    ...filters.flatMap(({ SSEKMS, DSSEKMS }, i): [string, string | undefined][] => [
      [`${at}/Filter/MatchAnyObjectEncryption/${i}/SSEKMS/KmsKeyArn`, SSEKMS?.KmsKeyArn],
      [`${at}/Filter/MatchAnyObjectEncryption/${i}/DSSEKMS/KmsKeyArn`, DSSEKMS?.KmsKeyArn],
    ]),
  ];
}

const keyFaults = (request: JobRequest, { kmsKeys }: Allowed): Fault[] =>
  namedKeys(request).flatMap(([pointer, key]) =>
    key === undefined || fitsOne(kmsKeys, key) ? [] : [fault(pointer, 'is not a listed KMS key', 'kmsKey')],
  );

/** Throws NotAllowed with a fault for each member that is outside the lists. */
export function checkAllowed(request: JobRequest, allowed: Allowed): void {
  refuse([
    ...accountFaults(request, allowed),
    ...priorityFaults(request.Priority, allowed.maxPriority),
    ...manifestLocationFaults(request, allowed),
    ...outputFaults(request, allowed),
    ...functionFaults(request, allowed),
    ...keyFaults(request, allowed),
    ...workerDestinationFaults(request, allowed),
    ...dangerFaults(request, allowed),
  ]);
}

/** Throws NotAllowed for a priority above maxPriority. */
export const checkPriority = (priority: number, maxPriority: number): void =>
  refuse(priorityFaults(priority, maxPriority));

function refuse(faults: Fault[]): void {
  if (faults.length === 0) return;
  const pointers = faults.map(({ pointer }) => pointer).join(', ');
  throw new KnownError('NotAllowed', `This deployment does not allow ${pointers}; nothing was done.`, {
    faults,
  });
}
