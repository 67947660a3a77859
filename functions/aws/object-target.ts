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

/** The same as the source of a copy. */
export const copySourceOf = ({ bucket, key, versionId }: ObjectVersion): string =>
  `${bucket}/${encodeURIComponent(key)}${versionId ? `?versionId=${versionId}` : ''}`;
