/** The errors of S3, with the code, status, message and members that S3 returns. */
import { AwsError } from '../../core/aws-error.ts';

export const noSuchBucket = (bucket: string) =>
  new AwsError('NoSuchBucket', 404, 'The specified bucket does not exist', { BucketName: bucket });

export const noSuchKey = (key: string) =>
  new AwsError('NoSuchKey', 404, 'The specified key does not exist.', { Key: key });

export const noSuchVersion = (key: string, versionId: string) =>
  new AwsError('NoSuchVersion', 404, 'The specified version does not exist.', {
    Key: key,
    VersionId: versionId,
  });

export const accessDenied = (message = 'Access Denied') => new AwsError('AccessDenied', 403, message);

export const invalidArgument = (message: string, name: string, value: string) =>
  new AwsError('InvalidArgument', 400, message, { ArgumentName: name, ArgumentValue: value });

/** An InvalidArgument error for which S3 returns no value. */
export const invalidArgumentNamed = (message: string, name: string) =>
  new AwsError('InvalidArgument', 400, message, { ArgumentName: name });

export const invalidVersionId = (versionId: string) =>
  invalidArgument('Invalid version id specified', 'versionId', versionId);

export const bypassNotApplicable = () =>
  invalidArgumentNamed(
    'x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.',
    'x-amz-bypass-governance-retention',
  );

export const copySourceIsDeleteMarker = () =>
  invalidRequest('The source of a copy request may not specifically refer to a delete marker by version id.');

export const invalidRequest = (message: string) => new AwsError('InvalidRequest', 400, message);

export const malformedXml = () =>
  new AwsError(
    'MalformedXML',
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  );

export const invalidBucketName = (bucket: string) =>
  new AwsError('InvalidBucketName', 400, 'The specified bucket is not valid.', { BucketName: bucket });

export const bucketNotEmpty = (bucket: string, hasVersions: boolean) =>
  new AwsError(
    'BucketNotEmpty',
    409,
    `The bucket you tried to delete is not empty${hasVersions ? '. You must delete all versions in the bucket.' : ''}`,
    { BucketName: bucket },
  );

export const keyTooLong = (sizeBytes: number, limitBytes: number) =>
  new AwsError('KeyTooLongError', 400, 'Your key is too long', {
    Size: String(sizeBytes),
    MaxSizeAllowed: String(limitBytes),
  });

export const metadataTooLarge = (sizeBytes: number, limitBytes: number) =>
  new AwsError('MetadataTooLarge', 400, 'Your metadata headers exceed the maximum allowed metadata size', {
    Size: String(sizeBytes),
    MaxSizeAllowed: String(limitBytes),
  });

export const methodNotAllowed = (method: string, resource: string) =>
  new AwsError('MethodNotAllowed', 405, 'The specified method is not allowed against this resource.', {
    Method: method,
    ResourceType: resource,
  });

export const notImplementedHeader = (header: string, additionalMessage?: string) =>
  new AwsError('NotImplemented', 501, 'A header you provided implies functionality that is not implemented', {
    Header: header,
    ...(additionalMessage !== undefined && { additionalMessage }),
  });

export const preconditionFailed = (condition: string) =>
  new AwsError('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  });

export const notModified = () => new AwsError('NotModified', 304, 'Not Modified');

export const invalidRange = (range: string, sizeBytes: number) =>
  new AwsError('InvalidRange', 416, 'The requested range is not satisfiable', {
    RangeRequested: range,
    ActualObjectSize: String(sizeBytes),
  });

export const badDigest = (what: string, expected: string, calculated: string) =>
  new AwsError('BadDigest', 400, `The ${what} you specified did not match the calculated checksum.`, {
    ExpectedDigest: expected,
    CalculatedDigest: calculated,
  });

export const invalidDigest = (value: string) =>
  new AwsError('InvalidDigest', 400, 'The Content-MD5 you specified was invalid.', { 'Content-MD5': value });

export const incompleteBody = () =>
  new AwsError(
    'IncompleteBody',
    400,
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
  );

export const entityTooLarge = (sizeBytes: number, limitBytes: number) =>
  new AwsError('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed size', {
    ProposedSize: String(sizeBytes),
    MaxSizeAllowed: String(limitBytes),
  });

export const invalidStorageClass = (storageClass: string) =>
  new AwsError('InvalidStorageClass', 400, 'The storage class you specified is not valid', {
    StorageClassRequested: storageClass,
  });

export const tooManyTags = () => new AwsError('BadRequest', 400, 'Object tags cannot be greater than 10');

export const invalidTag = (message: string, key: string, value?: string) =>
  new AwsError('InvalidTag', 400, message, {
    TagKey: key,
    ...(value !== undefined && { TagValue: value }),
  });

export const invalidBucketAcl = () =>
  new AwsError(
    'InvalidBucketAclWithObjectOwnership',
    400,
    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
  );

export const illegalVersioning = () =>
  new AwsError('IllegalVersioningConfigurationException', 400, 'The Versioning element must be specified');

export const missingRequestBody = () => new AwsError('MissingRequestBodyError', 400, 'Request Body is empty');

export const accessControlListNotSupported = () =>
  new AwsError('AccessControlListNotSupported', 400, 'The bucket does not allow ACLs');

export const invalidObjectState = (
  storageClass: string,
  message = "The operation is not valid for the object's storage class",
) => new AwsError('InvalidObjectState', 403, message, { StorageClass: storageClass });

export const missingObjectLock = () => invalidRequest('Bucket is missing Object Lock Configuration');

export const lockedObject = () => accessDenied('Access Denied because object protected by object lock.');

export const invalidEncryption = (algorithm: string) =>
  new AwsError(
    'InvalidEncryptionAlgorithmError',
    400,
    'The encryption request you specified is not valid. Supported values: AES256, aws:kms, aws:kms:dsse.',
    { Algorithm: algorithm },
  );

export const invalidCustomerAlgorithm = (algorithm: string) =>
  new AwsError(
    'InvalidEncryptionAlgorithmError',
    400,
    'The Encryption request you specified is not valid. Supported value: AES256.',
    { ArgumentName: 'x-amz-server-side-encryption', ArgumentValue: algorithm },
  );

export const invalidBucketState = (message: string) => new AwsError('InvalidBucketState', 409, message);

export const noSuchTagSet = (bucket: string) =>
  new AwsError('NoSuchTagSet', 404, 'The TagSet does not exist', { BucketName: bucket });

export const noOwnershipControls = (bucket: string) =>
  new AwsError('OwnershipControlsNotFoundError', 404, 'The bucket ownership controls were not found', {
    BucketName: bucket,
  });

export const noReplicationConfiguration = (bucket: string) =>
  new AwsError('ReplicationConfigurationNotFoundError', 404, 'The replication configuration was not found', {
    BucketName: bucket,
  });

export const noObjectLockConfiguration = (bucket: string) =>
  new AwsError(
    'ObjectLockConfigurationNotFoundError',
    404,
    'Object Lock configuration does not exist for this bucket',
    { BucketName: bucket },
  );

export const noObjectLock = (key: string) =>
  new AwsError(
    'NoSuchObjectLockConfiguration',
    404,
    'The specified object does not have a ObjectLock configuration',
    { Key: key },
  );

export const malformedAcl = () =>
  new AwsError(
    'MalformedACLError',
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  );

export const unresolvableGrantee = () =>
  new AwsError(
    'UnresolvableGrantByEmailAddress',
    400,
    'The e-mail address you provided does not match any account on record.',
  );

export const missingAcl = () =>
  new AwsError('MissingSecurityHeader', 400, 'Your request was missing a required header', {
    MissingHeaderName: 'x-amz-acl',
  });

export const restoreInProgress = () =>
  new AwsError('RestoreAlreadyInProgress', 409, 'Object restore is already in progress');

export const noSuchUpload = (uploadId: string) =>
  new AwsError(
    'NoSuchUpload',
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { UploadId: uploadId },
  );

export const invalidPart = (uploadId: string, partNumber: number, etag: string) =>
  new AwsError(
    'InvalidPart',
    400,
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { UploadId: uploadId, PartNumber: String(partNumber), ETag: etag },
  );

export const noParts = () => invalidRequest('You must specify at least one part');

export const conditionalRequestConflict = (condition: string, key: string) =>
  new AwsError(
    'ConditionalRequestConflict',
    409,
    'The conditional request cannot succeed due to a conflicting operation against this resource.',
    { Condition: condition, Key: key },
  );

export const invalidPartOrder = (uploadId: string) =>
  new AwsError(
    'InvalidPartOrder',
    400,
    'The list of parts was not in ascending order. Parts must be ordered by part number.',
    { UploadId: uploadId },
  );

export const partTooSmall = (sizeBytes: number, limitBytes: number, partNumber: number) =>
  new AwsError('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size', {
    ProposedSize: String(sizeBytes),
    MinSizeAllowed: String(limitBytes),
    PartNumber: String(partNumber),
  });

export const tooManyBucketTags = (limit: number) =>
  new AwsError('BadRequest', 400, `Bucket tag count cannot be greater than ${limit}`);

export const partChecksumMissing = (algorithm: string, partNumber: number) =>
  invalidRequest(
    `The upload was created using a ${algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${partNumber} in the request.`,
  );

export const partDigestMismatch = (algorithm: string, partNumber: number) =>
  new AwsError(
    'BadDigest',
    400,
    `The ${algorithm} you specified for part ${partNumber} did not match what we received.`,
  );
