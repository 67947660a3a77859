import type { FindingCode } from '../checks/findings.ts';

const MAX_WRITTEN_KEY = 1024;
const MAX_KEY_BYTES = 1024;
const MAX_VERSION_ID = 1024;

/** General purpose buckets, and directory buckets, whose names end in --x-s3. */
const BUCKET_NAME = /^(?=.{3,63}$)[a-z0-9][a-z0-9.-]*[a-z0-9]$/;

/** Whether the cells are short enough for answers. */
export const isShowable = (writtenKey: string, versionId = ''): boolean =>
  writtenKey.length <= MAX_WRITTEN_KEY && versionId.length <= MAX_VERSION_ID;

export const isBucketName = (name: string): boolean => BUCKET_NAME.test(name);

export const bucketCellFindings = (name: string, isAllowed: boolean): FindingCode[] => [
  ...(isBucketName(name) ? [] : ['bucket-name' as const]),
  ...(isAllowed ? [] : ['bucket-not-allowed' as const]),
];

/** The key as S3 decodes it (form encoding, `+` is a space); undefined when it cannot be decoded. */
function decodedManifestKey(written: string): string | undefined {
  const spaced = written.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return undefined;
  }
}

/** Most keys match this pattern and have no findings. */
const PLAIN_KEY = /^[\w./-]{1,1024}$/;
const NOTHING: readonly FindingCode[] = [];

/** The key as S3 reads it, and the findings for its encoding. */
export function readKey(written: string): { key: string; findings: readonly FindingCode[] } {
  if (PLAIN_KEY.test(written)) return { key: written, findings: NOTHING };
  const key = decodedManifestKey(written);
  const findings: FindingCode[] = [];
  if (written === '') findings.push('key-empty');
  if (written.length > MAX_WRITTEN_KEY) findings.push('key-too-long');
  if (key === undefined) findings.push('key-encoding');
  if (/[^\x21-\x7e]/.test(written)) findings.push('raw-key');
  if (written.includes('+')) findings.push('plus-in-key');
  if (/%25[0-9a-f]{2}/i.test(written)) findings.push('double-encoding');
  if (key !== undefined && key.length > MAX_KEY_BYTES / 3 && Buffer.byteLength(key) > MAX_KEY_BYTES)
    findings.push('key-bytes');
  return { key: key ?? written, findings };
}

export function versionFindings(versionId: string): FindingCode[] {
  if (versionId === '') return ['version-missing'];
  return versionId.length > MAX_VERSION_ID || /\s/.test(versionId) ? ['version-malformed'] : [];
}

const COLUMN_NAMES: Record<string, RegExp> = {
  Bucket: /^(s3)?bucket(name)?$/,
  Key: /^(s3)?(object|file)?(key|name|keyname)$/,
  VersionId: /^(s3)?(object)?version(id)?$/,
};

/** Whether a row has the names of the columns. */
export const isHeader = (fields: readonly string[], columns: readonly string[]): boolean =>
  columns.every((column, i) => {
    const name = (fields[i] ?? '').toLowerCase().replace(/[^a-z0-9]/g, '');
    return COLUMN_NAMES[column]?.test(name) ?? true;
  });
