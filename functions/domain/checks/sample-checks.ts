import type { Finding, ManifestRow } from '../../core/generated/dry-run.mjs';
import type { JobRequest } from '../../core/generated/job-request.mjs';
import { type FindingCode, finding } from './findings.ts';

/** What is known of an object that a job will process. */
export interface ObjectFacts {
  row: ManifestRow;
  state: 'there' | 'missing' | 'unknown';
  size: number;
  storageClass: string;
  /** Whether the object must be restored before it can be read. */
  isArchived: boolean;
  /** Whether an archived object has a restored copy, or will have one. */
  restore?: 'done' | 'running';
}

const MAX_COPY_BYTES = 5 * 1024 ** 3;
const MAX_KEYS = 10;
const NOT_REPLICATED =
  'Leave them out: `S3ReplicateObject` does not support archived objects, even after a restore.';

function restoreCodes(days: number | undefined, facts: ObjectFacts): FindingCode[] {
  const isTiered = facts.storageClass === 'INTELLIGENT_TIERING';
  if (isTiered && days !== undefined) return ['restore-days'];
  if (!facts.isArchived) return ['objects-not-archived'];
  return [
    ...(facts.restore === 'running' ? (['objects-restoring'] as const) : []),
    ...(!isTiered && !days ? (['restore-days'] as const) : []),
  ];
}

function codesOf({ Operation }: JobRequest, facts: ObjectFacts): FindingCode[] {
  if (facts.state === 'missing') return ['objects-missing'];
  const { S3PutObjectCopy: copy, S3InitiateRestoreObject: restore, S3ReplicateObject: replicate } = Operation;
  const codes: FindingCode[] = [];
  if (copy && facts.size > MAX_COPY_BYTES) codes.push('objects-too-large');
  if ((copy && facts.isArchived && facts.restore !== 'done') || (replicate && facts.isArchived))
    codes.push('objects-archived');
  if (restore) codes.push(...restoreCodes(restore.ExpirationInDays, facts));
  return codes;
}

/** The findings for the inspected objects. */
export function sampleFindings(request: JobRequest, samples: readonly ObjectFacts[]): Finding[] {
  const keysByCode = new Map<FindingCode, string[]>();
  for (const facts of samples.filter(({ state }) => state !== 'unknown'))
    for (const code of codesOf(request, facts))
      keysByCode.set(code, [...(keysByCode.get(code) ?? []), facts.row.Key]);
  const findings = [...keysByCode].map(([code, keys]) =>
    finding(code, {
      count: keys.length,
      detail: `${finding(code).detail} (${keys.length} of ${samples.length}.)`,
      keys: keys.slice(0, MAX_KEYS),
      ...(code === 'objects-archived' && request.Operation.S3ReplicateObject && { remedy: NOT_REPLICATED }),
    }),
  );
  const unknown = samples.filter(({ state }) => state === 'unknown').length;
  if (unknown > 0)
    findings.push(
      finding('unchecked', {
        detail: `${unknown} of the first ${samples.length} objects could not be read.`,
      }),
    );
  return findings;
}
