import { KnownError } from '../../core/errors.ts';
import type { Finding } from '../../core/generated/dry-run.mjs';

/**
 * All findings of the checks; docs/dry-run.md has the same rows. An error means that S3 fails the whole job or that the
 * deployment does not allow it. A warning means that S3 accepts it, or fails single tasks.
 */
export const findingCatalogue = {
  // Rows of a manifest
  'empty-manifest': ['error', 'The manifest has no rows.', 'List at least one object.'],
  'byte-order-mark': [
    'error',
    'The file starts with a byte order mark (BOM).',
    'Save the file as UTF-8 without a BOM.',
  ],
  'not-utf8': ['error', 'A row is not UTF-8.', 'Save the file as UTF-8, and URL-encode the keys.'],
  'header-row': [
    'error',
    'The first row contains column names; S3 reads it as an object.',
    'Remove the row, and name the columns in `Manifest.Spec.Fields`.',
  ],
  'blank-line': ['error', 'A line is empty.', 'Remove empty lines, also at the end of the file.'],
  columns: [
    'error',
    'A row has more or fewer columns than `Manifest.Spec.Fields`.',
    'Give every row the same columns, and URL-encode commas in keys as `%2C`.',
  ],
  'broken-quotes': [
    'error',
    'A quoted field has no valid end. The rest of the file was not read.',
    'Double the quotes inside a quoted field, or URL-encode quotes in keys as `%22`.',
  ],
  'row-too-long': [
    'error',
    'A row is longer than 1 MiB. The rest of the file was not read.',
    'End every row with a line feed and every quoted field with a quote.',
  ],
  'key-empty': ['error', 'A row has no key.', 'Add the key, or remove the row.'],
  'key-encoding': [
    'error',
    'A `%` in a key is not followed by two hexadecimal digits, or the decoded key is not UTF-8.',
    'URL-encode the keys: `%` as `%25`.',
  ],
  'key-too-long': [
    'error',
    'A key, as written in the manifest, is longer than 1,024 characters.',
    'Do not encode letters, digits and `/`. S3 does not accept a longer key in a manifest.',
  ],
  'version-malformed': [
    'error',
    'A version id contains white space or is longer than 1,024 characters.',
    'Use version ids as S3 lists them, or `null` for the null version.',
  ],
  'bucket-not-allowed': [
    'error',
    'A row names a bucket that `dataBuckets` of this deployment does not list.',
    'Remove the row, or ask the operator to list the bucket in `dataBuckets`.',
  ],
  'bucket-name': [
    'warning',
    'A row has an invalid bucket name; its task fails.',
    'Write the name of the bucket: not an ARN, no `s3://`, no upper-case letters.',
  ],
  'several-buckets': [
    'warning',
    'The rows name more than one bucket. AWS asks for one bucket per manifest.',
    'Make one manifest and one job for each bucket.',
  ],
  'raw-key': [
    'warning',
    'A key contains spaces or non-ASCII characters that are not URL-encoded.',
    'URL-encode the keys, because S3 decodes them.',
  ],
  'plus-in-key': [
    'warning',
    'A key contains `+`, which S3 reads as a space.',
    'Write a plus sign as `%2B`. Ignore this finding if you mean a space.',
  ],
  'double-encoding': [
    'warning',
    'A key seems to be URL-encoded twice, for example `%2520` for a space.',
    'Encode the keys once. Ignore this finding if the keys contain `%`.',
  ],
  'key-bytes': [
    'warning',
    'A decoded key is longer than 1,024 bytes of UTF-8; no such object can exist.',
    'Check how the keys were encoded.',
  ],
  'version-missing': [
    'warning',
    'A row has an empty version id; its task fails.',
    'Write `null` for the null version, or remove the column from all rows.',
  ],
  'duplicate-rows': [
    'warning',
    'A row occurs twice; its task runs twice.',
    'Remove repeated rows. Only the first 100,000 different rows are compared.',
  ],
  'read-in-part': [
    'warning',
    'Only the first part of the manifest was read in the time allowed.',
    'No action is needed. A dry run reads more of the manifest than a submission.',
  ],
  // Inventory reports
  'inventory-form': [
    'error',
    'The object is not the `manifest.json` of a CSV inventory report with the columns Bucket and Key.',
    'Set `Manifest.Location` to the `manifest.json` of an inventory in CSV, not to a data file.',
  ],
  'inventory-location': [
    'error',
    'The data files of the inventory are outside the `manifestBuckets` of this deployment.',
    'Ask the operator to list the bucket of the data files in `manifestBuckets`.',
  ],
  'inventory-file': [
    'error',
    'A data file of the inventory is missing, is not gzip, or does not match its checksum in `manifest.json`.',
    'Use a complete inventory as S3 delivered it.',
  ],
  // Checks of the request, the manifest object, buckets and sampled objects
  'manifest-changed': [
    'error',
    'The manifest object does not match its `ETag`.',
    'Omit `Manifest.Location.ETag`: the service reads it.',
  ],
  'manifest-encryption': [
    'error',
    'The CSV manifest is encrypted with a KMS key, which S3 does not support.',
    'Store the manifest with SSE-S3.',
  ],
  'bucket-missing': ['error', 'A bucket that the job needs does not exist.', 'Correct the bucket name.'],
  'wrong-region': [
    'error',
    'A bucket is not in the Region of this deployment, where the job runs.',
    'Use a deployment in the Region of the objects; for `S3PutObjectCopy`, in the Region of the target bucket.',
  ],
  'no-object-lock': [
    'error',
    'The operation needs Object Lock, which is off for the bucket.',
    'Turn on versioning and Object Lock for the bucket.',
  ],
  'report-bucket-lock': [
    'error',
    'The report bucket has a default retention; S3 writes no reports to such a bucket.',
    'Use another bucket for the report.',
  ],
  'other-region': [
    'warning',
    'A bucket for manifests or reports is in another Region. AWS does not document whether this works.',
    'Use a bucket in the Region of this deployment.',
  ],
  'data-bucket-missing': [
    'warning',
    'A bucket in the rows does not exist; all its tasks fail.',
    'Correct the bucket name.',
  ],
  'objects-missing': [
    'warning',
    'Some of the sampled objects do not exist; their tasks fail.',
    'Check how the keys are encoded, and how old the list is.',
  ],
  'objects-too-large': [
    'warning',
    'Some of the sampled objects are larger than 5 GB; `S3PutObjectCopy` fails for them.',
    'Copy them in parts with `LambdaInvoke` and the worker action `copy-large`.',
  ],
  'objects-archived': [
    'warning',
    'Some of the sampled objects are archived; the operation fails for them.',
    'Restore them first.',
  ],
  'objects-not-archived': [
    'warning',
    'Some of the sampled objects are not archived; there is nothing to restore.',
    'List only archived objects.',
  ],
  'restore-days': [
    'warning',
    '`ExpirationInDays` does not fit the storage class of some of the sampled objects; their restores fail.',
    'Set it to 1 or more for `GLACIER` and `DEEP_ARCHIVE`, and omit it for `INTELLIGENT_TIERING`. Make one job for each of these two groups.',
  ],
  'objects-restoring': [
    'warning',
    'Some of the sampled objects are being restored already; their tasks fail until that ends.',
    'Run the job on them after the restore.',
  ],
  'nothing-chosen': [
    'warning',
    'The filter of the manifest generator chooses no object now. S3 fails the job if it chooses none when it runs.',
    'Loosen the `Filter`, or check what the source bucket contains.',
  ],
  'none-chosen-yet': [
    'warning',
    'None of the objects that were listed in the time allowed fits the filter of the manifest generator.',
    'Check the `Filter`. S3 fails the job if it chooses no object.',
  ],
  'filter-in-part': [
    'warning',
    'The first keys were chosen without the parts of the filter that only the job evaluates.',
    'Expect fewer objects: the job also applies replication status, replication eligibility and encryption.',
  ],
  'no-replication-rule': [
    'warning',
    'The bucket has no enabled replication rule, so no object can be replicated.',
    'Add a replication rule to the source bucket, or enable the one it has.',
  ],
  'acls-disabled': [
    'warning',
    'ACLs are disabled in the bucket, so S3 refuses the ACL of every task.',
    'Omit the ACL: the bucket owner has full control. Or set Object Ownership of the bucket to `BucketOwnerPreferred`.',
  ],
  'copy-onto-itself': [
    'warning',
    'The copies would replace their own sources without changing anything; S3 refuses that.',
    'Set `TargetKeyPrefix` or another bucket, or what the copies change: storage class, encryption, metadata or tags.',
  ],
  'removes-all-tags': [
    'warning',
    'The list of tags is empty, so the job removes all tags of the objects.',
    'Name the tags in `TagSet`. To remove all tags, use `S3DeleteObjectTagging`, which has no request charge.',
  ],
  'versions-needed': [
    'warning',
    '`S3ReplicateObject` needs version ids, and the manifest has no such column.',
    'Use a manifest with a column `VersionId`.',
  ],
  'function-not-pinned': [
    'warning',
    'The function has no version or alias, so its code can change while the job runs.',
    'Name a published version, for example `my-function:7`.',
  ],
  unchecked: [
    'warning',
    'A check could not be completed.',
    'The job can still succeed: it runs under a different role than the checks.',
  ],
} as const satisfies Record<string, readonly ['error' | 'warning', meaning: string, remedy: string]>;

export type FindingCode = keyof typeof findingCatalogue;

/** A finding of the catalogue, with the facts of this case. */
export function finding(code: FindingCode, more: Partial<Omit<Finding, 'code' | 'severity'>> = {}): Finding {
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

/** Throws ChecksFailed if the findings have an error. */
export function refuseErrors(findings: readonly Finding[]): void {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  const codes = errors.map(({ code }) => code).join(', ');
  throw new KnownError('ChecksFailed', `The checks found errors (${codes}); nothing was started.`, {
    faults: errors.map((error) => ({
      pointer: error.pointer ?? '',
      detail: `${linesOf(error)}${error.detail} ${error.remedy}`,
      code: error.code,
    })),
  });
}

const MAX_KEPT = 20;
const MAX_KEPT_BYTES = 8 * 1024;

const isTooLarge = (kept: readonly Finding[]) => Buffer.byteLength(JSON.stringify(kept)) > MAX_KEPT_BYTES;

/** The warnings to keep with the job: the first 20, at most 8 KiB. Long keys are left out before whole warnings. */
export function keptWarnings(findings: readonly Finding[]): Finding[] {
  const warnings = findings.filter(({ severity }) => severity === 'warning').slice(0, MAX_KEPT);
  const kept = isTooLarge(warnings) ? warnings.map(({ keys: _, ...finding }) => finding) : warnings;
  while (isTooLarge(kept)) kept.pop();
  return kept;
}
