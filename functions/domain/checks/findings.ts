import { KnownError } from '../../core/errors.ts';
import type { Finding } from '../../core/generated/dry-run.mjs';

/**
 * Everything that lint and preflight can find; docs/dry-run.md has the same rows. An error is what S3 fails the job
 * for, or the deployment does not allow; what S3 takes, or fails single tasks for, is a warning.
 */
export const findingCatalogue = {
  // The rows of a manifest
  'empty-manifest': ['error', 'The manifest has no rows.', 'List at least one object.'],
  'byte-order-mark': [
    'error',
    'The file begins with a byte order mark.',
    'Save it as UTF-8 without a byte order mark (BOM).',
  ],
  'not-utf8': ['error', 'A row is not UTF-8.', 'Encode the file as UTF-8, and URL-encode the keys.'],
  'header-row': [
    'error',
    'The first row names the columns; S3 takes it for an object.',
    'Take the header out; name the columns in Manifest.Spec.Fields.',
  ],
  'blank-line': ['error', 'A line is empty.', 'Take empty lines out, also at the end of the file.'],
  columns: [
    'error',
    'A row has more or fewer columns than Manifest.Spec.Fields.',
    'Give every row the same columns, and URL-encode commas in keys as %2C.',
  ],
  'broken-quotes': [
    'error',
    'A quoted field does not end where it should; what follows was not read.',
    'Double the quotes inside of a quoted field, or URL-encode them in keys as %22.',
  ],
  'row-too-long': [
    'error',
    'A row is longer than 1 MB; what follows was not read.',
    'End every row with a line feed, and every quoted field with a quote.',
  ],
  'key-empty': ['error', 'A row has no key.', 'Put a key into every row.'],
  'key-encoding': [
    'error',
    'A % in a key is not followed by two hexadecimal digits, or what it stands for is not UTF-8.',
    'URL-encode the keys: % as %25.',
  ],
  'key-too-long': [
    'error',
    'A key has more than 1,024 characters as it is written.',
    'Leave / and letters as they are when encoding; a key that is longer even so cannot be in a manifest.',
  ],
  'version-malformed': [
    'error',
    'A version id has white space in it, or over 1,024 characters.',
    'Use the version ids as S3 lists them, or null for the null version.',
  ],
  'bucket-not-allowed': [
    'error',
    'A row names a bucket that dataBuckets of this deployment does not list.',
    'Take the row out, or have the bucket listed.',
  ],
  'bucket-name': [
    'warning',
    'What should be a bucket is no name of one; the tasks of such rows fail.',
    'Write the plain name: no ARN, no s3://, no upper case.',
  ],
  'several-buckets': [
    'warning',
    'The rows name several buckets; Amazon asks for one bucket in a manifest.',
    'Make a manifest, and a job, for each bucket.',
  ],
  'raw-key': [
    'warning',
    'A key has spaces or characters beyond ASCII that are not URL-encoded.',
    'URL-encode the keys: S3 decodes what it reads.',
  ],
  'plus-in-key': [
    'warning',
    'A key has a +, which S3 reads as a space.',
    'Write %2B where a plus is meant; where a space is meant all is well.',
  ],
  'double-encoding': [
    'warning',
    'A key looks as if it were URL-encoded twice, such as %2520 for a space.',
    'Encode the keys once, unless they do have a % in them.',
  ],
  'key-bytes': [
    'warning',
    'A key has more than 1,024 bytes of UTF-8; S3 can have no such object.',
    'Check how the keys were encoded.',
  ],
  'version-missing': [
    'warning',
    'A row has an empty version id; its task fails.',
    'Write null for the null version, or leave the column out for all rows.',
  ],
  'duplicate-rows': [
    'warning',
    'A row is there twice; its object is worked on twice.',
    'Take repeated rows out. Repetitions were looked for in the first 100,000 rows.',
  ],
  'read-in-part': [
    'warning',
    'Only the first part of the manifest was read in the time that there is.',
    'Nothing is wrong. A dry run reads further than a submission.',
  ],
  // Inventory reports
  'inventory-form': [
    'error',
    'The object is not the manifest.json of a CSV inventory report that lists Bucket and Key.',
    'Point Manifest.Location at manifest.json, not at a data file, of an inventory in CSV.',
  ],
  'inventory-place': [
    'error',
    'The data files of the inventory are not where manifestBuckets of this deployment lists.',
    'Have the bucket of the data files listed too.',
  ],
  'inventory-file': [
    'error',
    'A data file of the inventory is missing, is not gzip, or is not the one that manifest.json means.',
    'Use an inventory whose files are all there as they were delivered.',
  ],
  // Preflight
  'manifest-changed': [
    'error',
    'The manifest is not the one that its ETag stands for.',
    'Leave Manifest.Location.ETag out: it is looked up.',
  ],
  'manifest-encryption': [
    'error',
    'The manifest is encrypted with a KMS key; S3 reads CSV manifests without one only.',
    'Store the manifest with SSE-S3.',
  ],
  'bucket-missing': ['error', 'A bucket that the job cannot do without does not exist.', 'Correct its name.'],
  'wrong-region': [
    'error',
    'A bucket is not in the Region of this deployment, where the job runs.',
    'Use a deployment in the Region of the objects; for S3PutObjectCopy in that of the target bucket.',
  ],
  'no-object-lock': [
    'error',
    'The operation needs Object Lock, and the bucket has none.',
    'Switch versioning and Object Lock on in the bucket.',
  ],
  'report-bucket-lock': [
    'error',
    'The report bucket has a default retention; S3 writes no reports there.',
    'Take another bucket for the report.',
  ],
  'other-region': [
    'warning',
    'A bucket for manifests or reports is in another Region; Amazon does not say that this works.',
    'Use a bucket in the Region of this deployment.',
  ],
  'data-bucket-missing': [
    'warning',
    'A bucket that the rows name does not exist; all its tasks fail.',
    'Correct the name of the bucket.',
  ],
  'objects-missing': [
    'warning',
    'Some of the objects that were looked at do not exist; their tasks fail.',
    'Check how the keys are encoded, and how old the list is.',
  ],
  'objects-too-large': [
    'warning',
    'Some of the objects that were looked at are over 5 GB; S3PutObjectCopy fails for them.',
    'Copy them in parts, with LambdaInvoke.',
  ],
  'objects-archived': [
    'warning',
    'Some of the objects that were looked at are archived; the operation fails for them.',
    'Restore them first.',
  ],
  'objects-not-archived': [
    'warning',
    'Some of the objects that were looked at are not archived: there is nothing to restore.',
    'List archived objects only.',
  ],
  'restore-days': [
    'warning',
    'ExpirationInDays does not suit some of the objects that were looked at; their restores fail.',
    'Give it, 1 or more, for GLACIER and DEEP_ARCHIVE; leave it out for INTELLIGENT_TIERING; make one job for each.',
  ],
  'versions-needed': [
    'warning',
    'S3ReplicateObject needs version ids, and the manifest has no such column.',
    'Add a column VersionId.',
  ],
  'function-not-pinned': [
    'warning',
    'The function is named without a version or alias: it may change while the job runs.',
    'Name a published version, such as my-function:7.',
  ],
  unchecked: [
    'warning',
    'Something could not be checked.',
    'Nothing need be wrong: the job runs under another role than the checks.',
  ],
} as const satisfies Record<string, readonly ['error' | 'warning', meaning: string, remedy: string]>;

export type FindingCode = keyof typeof findingCatalogue;

/** A row of the catalogue that was found, with what is special about this time. */
export function finding(
  code: FindingCode,
  more: Partial<Pick<Finding, 'detail' | 'pointer' | 'count' | 'lines' | 'file'>> = {},
): Finding {
  const [severity, detail, remedy] = findingCatalogue[code];
  return { code, severity, detail, remedy, ...more };
}

export const hasErrors = (findings: readonly Finding[]): boolean =>
  findings.some(({ severity }) => severity === 'error');

const linesOf = ({ lines, file }: Finding): string => {
  if (!lines?.length) return '';
  const inFile = file === undefined ? '' : ` of ${file}`;
  return `${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}${inFile}: `;
};

/** Throws ChecksFailed when something was found that would make the job fail. */
export function refuseErrors(findings: readonly Finding[]): void {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  const codes = errors.map(({ code }) => code).join(', ');
  throw new KnownError('ChecksFailed', `The checks found ${codes}; nothing was started.`, {
    faults: errors.map((error) => ({
      pointer: error.pointer ?? '',
      detail: `${linesOf(error)}${error.detail} ${error.remedy}`,
      code: error.code,
    })),
  });
}

const MAX_KEPT = 20;
const MAX_KEPT_BYTES = 8 * 1024;

/** The warnings that are kept with the job, as many as fit. */
export function keptWarnings(findings: readonly Finding[]): Finding[] {
  const kept = findings.filter(({ severity }) => severity === 'warning').slice(0, MAX_KEPT);
  while (Buffer.byteLength(JSON.stringify(kept)) > MAX_KEPT_BYTES) kept.pop();
  return kept;
}
