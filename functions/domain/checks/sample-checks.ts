import type { Finding } from '../../core/generated/dry-run.mjs';
import type { JobRequest } from '../../core/generated/job-request.mjs';
import { type FindingCode, finding } from './findings.ts';

/** What can be seen of an object that a job is to touch. */
export interface ObjectFacts {
  state: 'there' | 'missing' | 'unknown';
  size: number;
  storageClass: string;
  /** An archived object that can be read at present. */
  isRestored: boolean;
}

const MAX_COPY_BYTES = 5 * 1024 ** 3;

const isArchive = ({ storageClass }: ObjectFacts) => ['GLACIER', 'DEEP_ARCHIVE'].includes(storageClass);

function codesOf({ Operation }: JobRequest, sight: ObjectFacts): FindingCode[] {
  if (sight.state === 'missing') return ['objects-missing'];
  const { S3PutObjectCopy: copy, S3InitiateRestoreObject: restore, S3ReplicateObject: replicate } = Operation;
  const codes: FindingCode[] = [];
  if (copy && sight.size > MAX_COPY_BYTES) codes.push('objects-too-large');
  if ((copy && isArchive(sight) && !sight.isRestored) || (replicate && isArchive(sight)))
    codes.push('objects-archived');
  if (restore) {
    const isTiered = sight.storageClass === 'INTELLIGENT_TIERING';
    if (!isArchive(sight) && !isTiered) codes.push('objects-not-archived');
    else if (isTiered ? restore.ExpirationInDays !== undefined : !restore.ExpirationInDays)
      codes.push('restore-days');
  }
  return codes;
}

/** What follows from the objects that were looked at. */
export function sampleFindings(request: JobRequest, sights: readonly ObjectFacts[]): Finding[] {
  const counts = new Map<FindingCode, number>();
  for (const sight of sights.filter(({ state }) => state !== 'unknown'))
    for (const code of codesOf(request, sight)) counts.set(code, (counts.get(code) ?? 0) + 1);
  const findings = [...counts].map(([code, count]) =>
    finding(code, { count, detail: sampled(code, count, sights) }),
  );
  const unknown = sights.filter(({ state }) => state === 'unknown').length;
  if (unknown > 0)
    findings.push(
      finding('unchecked', {
        detail: `${unknown} of the first ${sights.length} objects could not be looked at.`,
      }),
    );
  return findings;
}

const sampled = (code: FindingCode, count: number, { length }: readonly ObjectFacts[]) =>
  `${finding(code).detail} (${count} of ${length}.)`;
