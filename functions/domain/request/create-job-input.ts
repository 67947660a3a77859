import { KnownError } from '../../core/errors.ts';
import type { Finding } from '../../core/generated/dry-run.mjs';
import type { JobRequest, Manifest, Operation, Report } from '../../core/generated/job-request.mjs';
import type { CreateJobInput } from '../../core/generated/job-resource.mjs';
import { roleArnOf } from '../allowed/roles.ts';

export type { CreateJobInput };

/** The job request that a retry runs again, and what of it. */
export interface Parent {
  jobRequestId: string;
  /** Error codes, sorted; null for those that pass by themselves. */
  codes: string[] | null;
}

/** What this deployment puts where a caller says nothing. */
export interface StackDefaults {
  accountId: string;
  /** Name of the bucket for manifests and reports. */
  bucket: string;
  /** The roles that a job may run under; the first is the default. */
  roleArns: readonly string[];
  workerArn: string;
  maxPriority: number;
}

/** Input of the execution: the job request as submit-job accepted it. */
export interface AcceptedRequest {
  jobRequestId: string;
  /** Of the caller's body, before any look-up. */
  requestHash: string;
  /** RFC 3339. */
  submittedAt: string;
  createJob: CreateJobInput;
  watch: { DeadlineSeconds?: number; Notices?: string[]; TagAttributes?: string[] };
  /** Of a retry. */
  parent?: Parent;
  /** What the checks found that does not stop the job. */
  warnings?: Finding[];
}

const DEFAULT_PRIORITY = 10;
/** Step Functions carries 256 KiB: the input of SummarizeReport holds the request twice, once as S3 describes it. */
const MAX_ACCEPTED_BYTES = 100 * 1024;
const ID_TAG = 'bucket-brigade:jobRequestId';

/** ListJobs returns descriptions and never tags: the id at the end is how a job can be found again. */
const describedWith = (jobRequestId: string, description = '') =>
  `${description} [${jobRequestId}]`.trimStart();

/** The caller's own description of a job, without our mark; undefined when there was none. */
export const callersDescription = (description: string | undefined): string | undefined =>
  description?.replace(/ ?\[[0-9a-f]{12}-[0-9a-f]{32}\]$/, '') || undefined;

function withWorkerDefaults(operation: Operation, workerArn: string): Operation {
  const invoke = operation.LambdaInvoke;
  if (!invoke) return operation;
  return {
    LambdaInvoke: {
      FunctionArn: workerArn,
      ...(invoke.UserArguments && { InvocationSchemaVersion: '2.0' as const }),
      ...invoke,
    },
  };
}

function reportOf(request: JobRequest, stack: StackDefaults): Report {
  if (request.Report?.Enabled === false) return { Enabled: false };
  const ours = {
    Bucket: `arn:aws:s3:::${stack.bucket}`,
    Prefix: 'reports',
    // S3ComputeObjectChecksum demands an owner; ours is known.
    ...(request.Operation.S3ComputeObjectChecksum && { ExpectedBucketOwner: stack.accountId }),
  };
  return {
    Enabled: true,
    Format: 'Report_CSV_20180820',
    ReportScope: 'AllTasks',
    ...(request.Report?.Bucket ? {} : ours),
    ...request.Report,
  };
}

/** A manifest with everything that may be left out: CSV of Bucket and Key, and the ETag that was looked up. */
function manifestOf(manifest: Manifest, etag: string): Manifest {
  const format = manifest.Spec?.Format ?? 'S3BatchOperations_CSV_20180820';
  const fields = manifest.Spec?.Fields ?? ['Bucket', 'Key'];
  return {
    Spec: { Format: format, ...(format === 'S3BatchOperations_CSV_20180820' && { Fields: fields }) },
    Location: { ...manifest.Location, ETag: etag },
  };
}

/** The caller's manifest, or the one made of Objects, with its ETag. */
export interface PlacedManifest {
  manifest: Manifest;
  etag: string;
}

/** The CreateJob input. ConfirmationRequired is always said, because S3 suspends a job that leaves it out. */
export function createJobInputOf(
  request: JobRequest,
  stack: StackDefaults,
  jobRequestId: string,
  placed: PlacedManifest | undefined,
): CreateJobInput {
  return {
    AccountId: stack.accountId,
    ClientRequestToken: jobRequestId,
    ConfirmationRequired: request.ConfirmationRequired ?? false,
    Operation: withWorkerDefaults(request.Operation, stack.workerArn),
    Report: reportOf(request, stack),
    Priority: request.Priority ?? Math.min(DEFAULT_PRIORITY, stack.maxPriority),
    RoleArn: roleArnOf(request.RoleArn, stack.roleArns) ?? '',
    Description: describedWith(jobRequestId, request.Description),
    Tags: [...(request.Tags ?? []), { Key: ID_TAG, Value: jobRequestId }],
    ...(placed && { Manifest: manifestOf(placed.manifest, placed.etag) }),
    ...(request.ManifestGenerator && { ManifestGenerator: request.ManifestGenerator }),
  };
}

/**
 * The input of the execution for a request that has passed schema, rules and lists. Throws BodyTooLarge when Step
 * Functions could not carry it.
 */
export function acceptJobRequest(
  request: JobRequest,
  stack: StackDefaults,
  facts: {
    jobRequestId: string;
    requestHash: string;
    submittedAt: string;
    manifest: PlacedManifest | undefined;
    parent?: Parent;
    warnings?: Finding[];
  },
): AcceptedRequest {
  const { manifest, warnings = [], ...identity } = facts;
  const accepted: AcceptedRequest = {
    ...identity,
    createJob: createJobInputOf(request, stack, facts.jobRequestId, manifest),
    watch: request.Watch ?? {},
  };
  const bytes = Buffer.byteLength(JSON.stringify(accepted));
  if (bytes > MAX_ACCEPTED_BYTES)
    throw new KnownError('BodyTooLarge', `The job request has ${bytes} bytes without its objects.`, {
      faults: [
        {
          pointer: '',
          detail: `takes at most ${MAX_ACCEPTED_BYTES} bytes without Objects`,
          code: 'maxBytes',
        },
      ],
    });
  // After the measure: findings of ours never make a request too large. They have a limit of their own.
  return { ...accepted, ...(warnings.length > 0 && { warnings }) };
}
