import type { Finding } from '../core/generated/dry-run.mjs';
import type { JobRequest } from '../core/generated/job-request.mjs';
import type { Allowed } from '../domain/allowed/allowed.ts';
import {
  bucketFindings,
  bucketQuestions,
  manifestFindings,
  requestFindings,
  rowsToInspect,
} from '../domain/checks/bucket-checks.ts';
import { type Inspection, nothingInspected } from '../domain/checks/inspection.ts';
import { sampleFindings } from '../domain/checks/sample-checks.ts';
import type { FoundManifest } from '../domain/manifest/found-manifest.ts';
import { inspectManifest, type ReadLimits } from './inspect-manifest.ts';
import { inspectBucket, inspectObject } from './inspect-objects.ts';

/** Of the 29 seconds of the function: reading stops after `readMs`, and all checks stop after `allMs`. */
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

/** Runs all checks of a job before it starts, without changing anything. An error of S3 is a finding, never thrown. */
export async function checkJob(
  request: JobRequest,
  stack: Allowed,
  found: FoundManifest | undefined,
  { isDryRun, remainingMs }: { isDryRun: boolean; remainingMs: () => number },
): Promise<{ inspection: Inspection; findings: Finding[] }> {
  const limits = limitsOf(isDryRun, remainingMs);
  const manifest = manifestFindings(found);
  const isReadable = found && !manifest.some(({ code }) => code !== 'manifest-encryption');
  const inspection = isReadable ? await inspectManifest(found, stack, limits) : nothingInspected();
  const { signal } = limits;
  const [buckets, objects] = await Promise.all([
    Promise.all(
      bucketQuestions(request, stack, inspection).map(async (question) =>
        bucketFindings(question, await inspectBucket(question, signal), stack.region),
      ),
    ),
    Promise.all(
      rowsToInspect(inspection, stack.dataBuckets, limits.samples).map((row) => inspectObject(row, signal)),
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
