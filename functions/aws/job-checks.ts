import type { Finding } from '../core/generated/dry-run.mjs';
import type { JobRequest } from '../core/generated/job-request.mjs';
import type { Allowed } from '../domain/allowed/allowed.ts';
import {
  bucketFindings,
  bucketQuestions,
  manifestFindings,
  rowsToInspect,
} from '../domain/checks/bucket-checks.ts';
import { type Inspection, nothingInspected } from '../domain/checks/inspection.ts';
import { requestFindings } from '../domain/checks/request-checks.ts';
import { type ObjectFacts, sampleFindings } from '../domain/checks/sample-checks.ts';
import type { FoundManifest } from '../domain/manifest/found-manifest.ts';
import { inspectManifest, type ReadLimits } from './inspect-manifest.ts';
import { inspectBucket, inspectObject } from './inspect-objects.ts';
import { type ListLimits, listGenerated } from './list-generated.ts';

/** Reserved for the answer. */
const MARGIN_MS = 5000;

/** Of the 29 seconds of the function: reading stops after `readMs`, and all checks stop after `allMs`. */
const limitsOf = (isDryRun: boolean, remainingMs: () => number): ReadLimits & ListLimits => {
  const [readMs, allMs] = isDryRun ? [15_000, 22_000] : [4_000, 8_000];
  const atStartMs = remainingMs();
  return {
    samples: isDryRun ? 50 : 10,
    maxPages: isDryRun ? 20 : 2,
    maxRows: isDryRun ? 20_000_000 : 200_000,
    maxBytes: isDryRun ? 2 * 1024 ** 3 : 16 * 1024 ** 2,
    hasTime: () => atStartMs - remainingMs() < readMs,
    // Making a manifest of rows may have taken most of the time.
    signal: AbortSignal.timeout(Math.max(0, Math.min(allMs, atStartMs - MARGIN_MS))),
  };
};

/** Runs all checks of a job before it starts, without changing anything. An error of S3 is a finding, never thrown. */
export async function checkJob(
  request: JobRequest,
  stack: Allowed,
  found: FoundManifest | undefined,
  { isDryRun, remainingMs }: { isDryRun: boolean; remainingMs: () => number },
): Promise<{ inspection: Inspection; findings: Finding[]; samples: ObjectFacts[] }> {
  const limits = limitsOf(isDryRun, remainingMs);
  const manifest = manifestFindings(found);
  const isReadable = found && !manifest.some(({ code }) => code !== 'manifest-encryption');
  const inspection = isReadable
    ? await inspectManifest(found, stack, limits)
    : await inspectGenerator(request, limits);
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
      ...requestFindings(request, inspection),
      ...manifest,
      ...inspection.findings,
      ...buckets.flat(),
      ...sampleFindings(request, objects),
    ],
    samples: objects,
  };
}

/** The first objects that a manifest generator would choose; its manifest does not exist yet. */
async function inspectGenerator({ ManifestGenerator }: JobRequest, limits: ListLimits): Promise<Inspection> {
  if (!ManifestGenerator) return nothingInspected();
  const { rows, findings } = await listGenerated(ManifestGenerator.S3JobManifestGenerator, limits);
  return { ...nothingInspected(findings), firstRows: rows };
}
