import type { ObjectVersion } from '../../worker/contract.ts';

/** The members by which every S3 command names an object or one version of it. */
export const targetOf = ({ bucket, key, versionId }: ObjectVersion) => ({
  Bucket: bucket,
  Key: key,
  ...(versionId && { VersionId: versionId }),
});

/** The header by which a copy names its source. An access point is named by its ARN instead of a bucket name. */
export function copySourceOf({ bucket, key, versionId }: ObjectVersion): string {
  const path = `${bucket}/${bucket.startsWith('arn:') ? 'object/' : ''}${key}`;
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return versionId ? `${encoded}?versionId=${encodeURIComponent(versionId)}` : encoded;
}
