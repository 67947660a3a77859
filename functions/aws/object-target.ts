/** An object, or one version of it. */
export interface ObjectVersion {
  bucket: string;
  key: string;
  versionId?: string;
}

/** The members by which every command of S3 names it. */
export const targetOf = ({ bucket, key, versionId }: ObjectVersion) => ({
  Bucket: bucket,
  Key: key,
  ...(versionId && { VersionId: versionId }),
});

/** The header by which copies name it. An access point stands in the place of a bucket by its ARN. */
export function copySourceOf({ bucket, key, versionId }: ObjectVersion): string {
  const path = `${bucket}/${bucket.startsWith('arn:') ? 'object/' : ''}${key}`;
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return versionId ? `${encoded}?versionId=${encodeURIComponent(versionId)}` : encoded;
}
