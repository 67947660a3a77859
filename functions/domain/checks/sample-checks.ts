import type { Finding } from '../../core/generated/dry-run.mjs';
import type { JobRequest } from '../../core/generated/job-request.mjs';
import { type FindingCode, finding } from './findings.ts';

/** What is known of an object that a job will process. */
export interface ObjectFacts {
  state: 'there' | 'missing' | 'unknown';
  size: number;
  storageClass: string;
  /** Whether an archived object has a restored copy. */
  isRestored: boolean;
}

const MAX_COPY_BYTES = 5 * 1024 ** 3;

const isArchive = ({ storageClass }: ObjectFacts) => ['GLACIER', 'DEEP_ARCHIVE'].includes(storageClass);

function codesOf({ Operation }: JobRequest, facts: ObjectFacts): FindingCode[] {
  if (facts.state === 'missing') return ['objects-missing'];
  const { S3PutObjectCopy: copy, S3InitiateRestoreObject: restore, S3ReplicateObject: replicate } = Operation;
  const codes: FindingCode[] = [];
  if (copy && facts.size > MAX_COPY_BYTES) codes.push('objects-too-large');
  if ((copy && isArchive(facts) && !facts.isRestored) || (replicate && isArchive(facts)))
    codes.push('objects-archived');
  if (restore) {
    const isTiered = facts.storageClass === 'INTELLIGENT_TIERING';
    if (!isArchive(facts) && !isTiered) codes.push('objects-not-archived');
    else if (isTiered ? restore.ExpirationInDays !== undefined : !restore.ExpirationInDays)
      codes.push('restore-days');
  }
  return codes;
}

/** The findings for the inspected objects. */
export function sampleFindings(request: JobRequest, samples: readonly ObjectFacts[]): Finding[] {
  const counts = new Map<FindingCode, number>();
  for (const facts of samples.filter(({ state }) => state !== 'unknown'))
    for (const code of codesOf(request, facts)) counts.set(code, (counts.get(code) ?? 0) + 1);
  const findings = [...counts].map(([code, count]) =>
    finding(code, { count, detail: sampled(code, count, samples) }),
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

const sampled = (code: FindingCode, count: number, { length }: readonly ObjectFacts[]) =>
  `${finding(code).detail} (${count} of ${length}.)`;
