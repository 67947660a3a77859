import type {
  CreateJobRequest,
  JobFailure,
  JobStatus,
  S3GeneratedManifestDescriptor,
  S3Tag,
} from '@aws-sdk/client-s3-control';
import type { ManifestPosition } from './manifest/manifest.ts';

/** What is known of a generated list beside its rows. */
export interface GeneratedList {
  /** Columns of the rows; VersionId only where the bucket has versions. */
  fields: string[];
  pieces: number;
}

/** A job as it is kept. Times are milliseconds since the epoch. */
export interface JobRecord {
  jobId: string;
  accountId: string;
  request: CreateJobRequest;
  tags: S3Tag[];
  status: JobStatus;
  priority: number;
  createdMs: number;
  suspendedMs: number | null;
  terminatedMs: number | null;
  statusUpdateReason: string | null;
  failureReasons: JobFailure[];
  totalTasks: number;
  succeeded: number;
  failed: number;
  /** Time spent in Active up to `activeSinceMs`, which is null outside Active. */
  activeMs: number;
  activeSinceMs: number | null;
  /** What the manifest generator made; null before it has. */
  generated: (GeneratedList & { descriptor?: S3GeneratedManifestDescriptor }) | null;
  /** Position of the first task that may not have run yet. */
  position: ManifestPosition;
}
