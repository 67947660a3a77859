import type { Finding } from '../../core/generated/dry-run.mjs';
import type {
  JobRequest,
  Limits,
  Manifest,
  Operation,
  Report,
  Retry,
} from '../../core/generated/job-request.mjs';
import type { CreateJobInput, Parent } from '../../core/generated/job-resource.mjs';
import { bucketOfArn } from '../allowed/arns.ts';
import { roleArnOf } from '../allowed/roles.ts';
import { reportPrefixOf } from '../allowed/stack-bucket.ts';
import type { PublishableNotice } from '../notice/publishable-notice.ts';

export type { CreateJobInput, Parent };

/** The deployment's values for members that a caller leaves out. */
export interface StackDefaults {
  accountId: string;
  /** Name of the bucket for manifests and reports. */
  bucket: string;
  /** Of the caller's tenant, in the keys of its manifests and reports in this bucket. */
  tenantMark: string;
  /** The roles that a job may use; the first is the default. */
  roleArns: readonly string[];
  workerArn: string;
  maxPriority: number;
}

/** What an automatic retry knows of the jobs before it. Its own rows count with neither of the figures. */
export interface Chain {
  /** The first job request. */
  id: string;
  /** The number of this job, from 2. */
  jobs: number;
  /** Tasks of the first job, and of these the ones that succeeded and failed for good. */
  total: number;
  succeeded: number;
  failed: number;
}

/** Input of the execution: the job request as submit-job accepted it. */
export interface AcceptedRequest {
  jobRequestId: string;
  /** Of the caller's body, without defaults. */
  requestHash: string;
  /** SHA-256 of the tenant that owns the job request. */
  tenantHash: string;
  /** The caller, if this deployment records callers. */
  submittedBy?: string;
  /** RFC 3339. */
  submittedAt: string;
  /** RFC 3339, later than `submittedAt`: when create-job creates the job. */
  startAt?: string;
  createJob: CreateJobInput;
  limits?: Required<Limits>;
  /** Of a job request that may start an automatic retry: how many are left. */
  retry?: Retry;
  /** Of an automatic retry. */
  chain?: Chain;
  watch: { DeadlineSeconds?: number; Notices?: string[]; TagAttributes?: string[] };
  /** The earlier job request whose rows the job runs. */
  parent?: Parent;
  /** Of a canary: the manifest, with ETag and version, of which the job runs the first rows. */
  original?: Manifest;
  /** Findings that do not stop the job. */
  warnings?: Finding[];
  /** What the state machine publishes when create-job fails; it adds the time, the code and the reason. */
  lastResortNotice: PublishableNotice;
}

const DEFAULT_PRIORITY = 10;
const ID_TAG = 'bucket-brigade:jobRequestId';

/** ListJobs returns descriptions but no tags, so a later attempt finds the job by the id at the end. */
const describedWith = (jobRequestId: string, description = '') =>
  `${description} [${jobRequestId}]`.trimStart();

/** The caller's part of a job's description, without the id; undefined when the caller gave none. */
export const callersDescription = (description: string | undefined): string | undefined =>
  description?.replace(/ ?\[[0-9a-f]{20}-[0-9a-f]{32}\]$/, '') || undefined;

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

function reportWithDefaults(request: JobRequest, stack: StackDefaults): Report {
  if (request.Report?.Enabled === false) return { Enabled: false };
  const { Bucket } = request.Report ?? {};
  const isElsewhere = Bucket !== undefined && bucketOfArn(Bucket) !== stack.bucket;
  const ours = {
    Bucket: `arn:aws:s3:::${stack.bucket}`,
    Prefix: reportPrefixOf(stack.tenantMark),
    // Required for S3ComputeObjectChecksum.
    ...(request.Operation.S3ComputeObjectChecksum && { ExpectedBucketOwner: stack.accountId }),
  };
  return {
    Enabled: true,
    Format: 'Report_CSV_20180820',
    ReportScope: 'AllTasks',
    ...(isElsewhere ? {} : ours),
    ...request.Report,
  };
}

/** A manifest with all optional members: CSV with Bucket and Key, and the given ETag. */
function manifestWithDefaults(manifest: Manifest, etag: string): Manifest {
  const format = manifest.Spec?.Format ?? 'S3BatchOperations_CSV_20180820';
  const fields = manifest.Spec?.Fields ?? ['Bucket', 'Key'];
  return {
    Spec: { Format: format, ...(format === 'S3BatchOperations_CSV_20180820' && { Fields: fields }) },
    Location: { ...manifest.Location, ETag: etag },
  };
}

/** The caller's manifest, or the one made of Objects, with its ETag. */
export interface ManifestWithEtag {
  manifest: Manifest;
  etag: string;
}

/** The manifest with its ETag as a location, so that a later reader finds the same content or an error. */
export const pinned = ({ manifest, etag }: ManifestWithEtag): Manifest => ({
  ...manifest,
  Location: { ...manifest.Location, ETag: etag },
});

/** The CreateJob input. It always has ConfirmationRequired, because S3 suspends a job without it. */
export function createJobInputOf(
  request: JobRequest,
  stack: StackDefaults,
  jobRequestId: string,
  stored: ManifestWithEtag | undefined,
): CreateJobInput {
  return {
    AccountId: stack.accountId,
    ClientRequestToken: jobRequestId,
    ConfirmationRequired: request.ConfirmationRequired ?? false,
    Operation: withWorkerDefaults(request.Operation, stack.workerArn),
    Report: reportWithDefaults(request, stack),
    Priority: request.Priority ?? Math.min(DEFAULT_PRIORITY, stack.maxPriority),
    RoleArn: roleArnOf(request.RoleArn, stack.roleArns) ?? '',
    Description: describedWith(jobRequestId, request.Description),
    Tags: [...(request.Tags ?? []), { Key: ID_TAG, Value: jobRequestId }],
    ...(stored && { Manifest: manifestWithDefaults(stored.manifest, stored.etag) }),
    ...(request.ManifestGenerator && { ManifestGenerator: request.ManifestGenerator }),
  };
}
