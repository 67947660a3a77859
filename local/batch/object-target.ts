/** One object, or one version of it, that a task works on. Keys are decoded. */
export interface ObjectTarget {
  bucket: string;
  key: string;
  versionId?: string;
}
