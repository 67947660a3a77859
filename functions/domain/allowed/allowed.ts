import { type Fault, KnownError } from '../../core/errors.ts';
import type { JobRequest } from '../../core/generated/job-request.mjs';
import type { StackDefaults } from '../request/create-job-input.ts';
import { operationNameOf } from '../request/operation.ts';
import { RETRIES_PREFIX } from '../retry/retry.ts';
import { bucketOfArn, functionReferenceOf, objectOfArn } from './arns.ts';
import { dangerFaults, type Switches } from './dangers.ts';
import { fitsOne, isInside, type S3Location } from './patterns.ts';
import { roleArnOf } from './roles.ts';
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

function locationFaults(
  pointer: string,
  location: S3Location | undefined,
  patterns: readonly string[],
): Fault[] {
  if (location && isInside(patterns, location)) return [];
  const detail = location
    ? 'is not a bucket or prefix that this deployment lists'
    : 'is not the ARN of a bucket';
  return [fault(pointer, detail, 'bucket')];
}

/**
 * For a location that may also be in the deployment's own bucket. Callers may not name the manifests of retries there,
 * because they can list another tenant's objects.
 */
function storeFaults(
  pointer: string,
  location: S3Location | undefined,
  patterns: readonly string[],
  { bucket }: Allowed,
): Fault[] {
  if (location?.bucket !== bucket) return locationFaults(pointer, location, patterns);
  const isKept = (location.key ?? location.prefix ?? '').startsWith(RETRIES_PREFIX);
  return isKept ? [fault(pointer, 'is reserved for POST /jobs/{id}/retry-failed', 'bucket')] : [];
}

/** The location of everything below a prefix. S3 adds a slash to the prefix unless it ends with one. */
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
    faults.push(...storeFaults('/Manifest/Location/ObjectArn', location, allowed.manifestBuckets, allowed));
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
      const location = folderOf(output.Bucket, output.ManifestPrefix);
      faults.push(
        ...storeFaults(`${at}/ManifestOutputLocation/Bucket`, location, allowed.reportBuckets, allowed),
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
    const location = folderOf(Report.Bucket, Report.Prefix);
    faults.push(...storeFaults('/Report/Bucket', location, allowed.reportBuckets, allowed));
  }
  if (copy) {
    const location = folderOf(copy.TargetResource, copy.TargetKeyPrefix);
    faults.push(
      ...locationFaults('/Operation/S3PutObjectCopy/TargetResource', location, allowed.targetBuckets),
    );
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
