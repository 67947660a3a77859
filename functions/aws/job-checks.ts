import type { Finding } from '../core/generated/dry-run.mjs';
import type { JobRequest } from '../core/generated/job-request.mjs';
import type { Allowed } from '../domain/allowed/allowed.ts';
import {
  bucketFindings,
  bucketQuestions,
  manifestFindings,
  requestFindings,
  rowsToLookAt,
} from '../domain/checks/bucket-checks.ts';
import { type Inspection, nothingInspected } from '../domain/checks/inspection.ts';
import { sampleFindings } from '../domain/checks/sample-checks.ts';
import type { FoundManifest } from '../domain/manifest/found-manifest.ts';
import { inspectManifest, type ReadLimits } from './inspect-manifest.ts';
import { lookAtBucket, lookAtObject } from './look-at.ts';

/** Of 29 seconds: reading stops after so many, and all that is not essential is given up after so many. */
const limitsOf = (isDryRun: boolean, remainingMs: () => number): ReadLimits & { samples: number } => {
  const [readMs, allMs] = isDryRun ? [15_000, 22_000] : [4_000, 8_000];
  const atStartMs = remainingMs();
  return {
    samples: isDryRun ? 50 : 10,
    maxRows: isDryRun ? 20_000_000 : 200_000,
    maxBytes: isDryRun ? 2 * 1024 ** 3 : 16 * 1024 ** 2,
    hasTime: () => atStartMs - remainingMs() < readMs,
    signal: AbortSignal.timeout(allMs),
  };
};

/**
 * Everything that can be found out about a job before it starts, without changing anything. What S3 does not answer is
 * a finding, so this fails for nothing that S3 does.
 */
export async function checkJob(
  request: JobRequest,
  stack: Allowed,
  found: FoundManifest | undefined,
  { isDryRun, remainingMs }: { isDryRun: boolean; remainingMs: () => number },
): Promise<{ inspection: Inspection; findings: Finding[] }> {
  const limits = limitsOf(isDryRun, remainingMs);
  const manifest = manifestFindings(found);
  const isReadable = found && !manifest.some(({ code }) => code !== 'manifest-encryption');
  const lists = { dataBuckets: stack.dataBuckets, manifestBuckets: [stack.bucket, ...stack.manifestBuckets] };
  const inspection = isReadable ? await inspectManifest(found, lists, limits) : nothingInspected();
  const { signal } = limits;
  const [buckets, objects] = await Promise.all([
    Promise.all(
      bucketQuestions(request, stack, inspection).map(async (question) =>
        bucketFindings(question, await lookAtBucket(question, signal), stack.region),
      ),
    ),
    Promise.all(
      rowsToLookAt(inspection, stack.dataBuckets, limits.samples).map((row) => lookAtObject(row, signal)),
    ),
  ]);
  return {
    inspection,
    findings: [
      ...requestFindings(request),
      ...manifest,
      ...inspection.findings,
      ...buckets.flat(),
      ...sampleFindings(request, objects),
    ],
  };
}
