/** JSON pointers of all members that are timestamps. */
export const timestampPaths: readonly string[] = [
  "/Operation/S3PutObjectCopy/ModifiedSinceConstraint",
  "/Operation/S3PutObjectCopy/UnModifiedSinceConstraint",
  "/Operation/S3PutObjectCopy/NewObjectMetadata/HttpExpiresDate",
  "/Operation/S3PutObjectCopy/ObjectLockRetainUntilDate",
  "/Operation/S3PutObjectRetention/Retention/RetainUntilDate",
  "/ManifestGenerator/S3JobManifestGenerator/Filter/CreatedAfter",
  "/ManifestGenerator/S3JobManifestGenerator/Filter/CreatedBefore",
  "/StartAt"
];
