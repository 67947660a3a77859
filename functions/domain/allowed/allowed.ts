import { type Fault, KnownError } from '../../core/errors.ts';
import type { JobRequest } from '../../core/generated/job-request.mjs';
import type { StackDefaults } from '../request/create-job-input.ts';
import { operationNameOf } from '../request/operation.ts';
import { RETRIES_PREFIX } from '../retry/retry.ts';
import { bucketOfArn, functionReferenceOf, objectOfArn } from './arns.ts';
import { dangerFaults, type Switches } from './dangers.ts';
import { fitsOne, isInside, type Place } from './patterns.ts';
import { roleArnOf } from './roles.ts';
import { workerDestinationFaults } from './worker-destinations.ts';

/** What callers of this deployment may name. Buckets are patterns: `logs-*`, or `logs/2026*` for some of the keys. */
export interface Allowed extends StackDefaults, Switches {
  region: string;
  /** Names; empty for all. */
  operations: readonly string[];
  /** Of the objects that jobs touch. */
  dataBuckets: readonly string[];
  manifestBuckets: readonly string[];
  /** Also for the lists that a manifest generator writes. */
  reportBuckets: readonly string[];
  /** For S3PutObjectCopy, and for the copies of the worker. */
  targetBuckets: readonly string[];
  /** Functions of this account and Region; the worker is always allowed. */
  functionNames: readonly string[];
  /** As callers name them. */
  kmsKeys: readonly string[];
  /** Hosts, also with the start of a path. */
  webhooks: readonly string[];
}

const fault = (pointer: string, detail: string, code: string): Fault => ({ pointer, detail, code });

function locationFaults(pointer: string, place: Place | undefined, patterns: readonly string[]): Fault[] {
  if (place && isInside(patterns, place)) return [];
  const detail = place ? 'is not a place that this deployment lists' : 'is not the ARN of a bucket';
  return [fault(pointer, detail, 'bucket')];
}

/**
 * For a place that may also be in the stack's own bucket. What that keeps of retries is nobody's to name: the lists may
 * be of another tenant's objects.
 */
function storeFaults(
  pointer: string,
  place: Place | undefined,
  patterns: readonly string[],
  { bucket }: Allowed,
): Fault[] {
  if (place?.bucket !== bucket) return locationFaults(pointer, place, patterns);
  const isKept = (place.key ?? place.prefix ?? '').startsWith(RETRIES_PREFIX);
  return isKept ? [fault(pointer, 'is kept for POST /jobs/{id}/retry-failed', 'bucket')] : [];
}

/** Where something is written below a prefix; one slash at its end counts as the one that S3 puts there. */
function folderOf(bucketArn: string, prefix: string | undefined): Place | undefined {
  const bucket = bucketOfArn(bucketArn);
  return bucket === undefined
    ? undefined
    : { bucket, ...(prefix && { prefix: `${prefix.replace(/\/$/, '')}/` }) };
}

function accountFaults(request: JobRequest, allowed: Allowed): Fault[] {
  const { AccountId, RoleArn } = request;
  const faults: Fault[] = [];
  if (AccountId !== undefined && AccountId !== allowed.accountId)
    faults.push(fault('/AccountId', 'is another account; leave it out', 'account'));
  if (!roleArnOf(RoleArn, allowed.roleArns))
    faults.push(fault('/RoleArn', 'is not a listed role; leave it out for the default', 'role'));
  const operation = operationNameOf(request);
  if (allowed.operations.length > 0 && !allowed.operations.includes(operation))
    faults.push(fault(`/Operation/${operation}`, 'is not a listed operation', 'operation'));
  return faults;
}

const priorityFaults = (priority = 0, maxPriority: number): Fault[] =>
  priority > maxPriority ? [fault('/Priority', `is over the ceiling of ${maxPriority}`, 'priority')] : [];

function manifestLocationFaults(
  { Manifest, Objects, ManifestGenerator }: JobRequest,
  allowed: Allowed,
): Fault[] {
  const faults: Fault[] = [];
  if (Manifest) {
    const place = objectOfArn(Manifest.Location.ObjectArn);
    faults.push(...storeFaults('/Manifest/Location/ObjectArn', place, allowed.manifestBuckets, allowed));
  }
  // Rules refuse objects of several buckets.
  const [object] = Objects ?? [];
  if (object)
    faults.push(...locationFaults('/Objects/0/Bucket', { bucket: object.Bucket }, allowed.dataBuckets));
  if (ManifestGenerator) {
    const at = '/ManifestGenerator/S3JobManifestGenerator';
    const { SourceBucket, ManifestOutputLocation: output } = ManifestGenerator.S3JobManifestGenerator;
    faults.push(
      ...locationFaults(`${at}/SourceBucket`, folderOf(SourceBucket, undefined), allowed.dataBuckets),
    );
    if (output) {
      const place = folderOf(output.Bucket, output.ManifestPrefix);
      faults.push(
        ...storeFaults(`${at}/ManifestOutputLocation/Bucket`, place, allowed.reportBuckets, allowed),
      );
    }
  }
  return faults;
}

function outputFaults(
  { Report, Operation: { S3PutObjectCopy: copy } }: JobRequest,
  allowed: Allowed,
): Fault[] {
  const faults: Fault[] = [];
  if (Report?.Bucket) {
    const place = folderOf(Report.Bucket, Report.Prefix);
    faults.push(...storeFaults('/Report/Bucket', place, allowed.reportBuckets, allowed));
  }
  if (copy) {
    const place = folderOf(copy.TargetResource, copy.TargetKeyPrefix);
    faults.push(...locationFaults('/Operation/S3PutObjectCopy/TargetResource', place, allowed.targetBuckets));
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
      'is not a listed function of this account and Region; leave it out for the worker',
      'function',
    ),
  ];
}

/** Where a request names KMS keys, and which. */
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

/** Refuses whatever a request names outside of the lists, all at once. Throws NotAllowed. */
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

/** Throws NotAllowed for a priority over the ceiling. */
export const checkPriority = (priority: number, maxPriority: number): void =>
  refuse(priorityFaults(priority, maxPriority));

function refuse(faults: Fault[]): void {
  if (faults.length === 0) return;
  const pointers = faults.map(({ pointer }) => pointer).join(', ');
  throw new KnownError('NotAllowed', `This deployment does not allow ${pointers}; nothing was done.`, {
    faults,
  });
}
