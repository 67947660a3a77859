import {
  ComputeObjectChecksumAlgorithm,
  ComputeObjectChecksumType,
  type JobOperation,
  type LambdaInvokeOperation,
  S3CannedAccessControlList,
  type S3ComputeObjectChecksumOperation,
  S3GlacierJobTier,
  S3ObjectLockLegalHoldStatus,
  S3ObjectLockRetentionMode,
  type S3UpdateObjectEncryptionSSEKMS,
} from '@aws-sdk/client-s3-control';
import { invalidRequest } from '../errors.ts';
import { CHECKSUM } from '../unconfirmed.ts';
import { accessControlList } from './access-control.ts';
import {
  all,
  choice,
  emptyStructure,
  flag,
  integer,
  map,
  oneOf,
  required,
  structure,
  text,
  time,
  whenPresent,
} from './checks.ts';
import { MAX_OBJECT_TAGS, tagSet } from './common.ts';
import { copy } from './copy.ts';

const FUNCTION_ARN =
  /^(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?$/;

const KMS_KEY_ARN = /^arn:aws[a-zA-Z0-9-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[a-zA-Z0-9-]+$/;

const argumentsNeedSchema2 = whenPresent((value, path) => {
  const { UserArguments, InvocationSchemaVersion } = value as LambdaInvokeOperation;
  if (UserArguments && InvocationSchemaVersion !== '2.0') {
    throw invalidRequest(`${path}.UserArguments`, 'requires InvocationSchemaVersion 2.0');
  }
});

const lambdaInvoke = all(
  structure<LambdaInvokeOperation>({
    FunctionArn: required(text({ max: 1024, pattern: FUNCTION_ARN, form: 'the name or ARN of a function' })),
    InvocationSchemaVersion: oneOf({ first: '1.0', second: '2.0' }),
    UserArguments: map(text({ max: 64 }), text({ min: 0, max: 1024 }), { min: 1, max: 10 }),
  }),
  argumentsNeedSchema2,
);

const crc64IsOfWholeObjects = whenPresent((value, path) => {
  const { ChecksumAlgorithm = CHECKSUM.defaultAlgorithm, ChecksumType } =
    value as S3ComputeObjectChecksumOperation;
  if (ChecksumAlgorithm === 'CRC64NVME' && ChecksumType === 'COMPOSITE') {
    throw invalidRequest(`${path}.ChecksumType`, 'must be FULL_OBJECT for CRC64NVME');
  }
});

const computeChecksum = all(
  structure<S3ComputeObjectChecksumOperation>({
    ChecksumAlgorithm: oneOf(ComputeObjectChecksumAlgorithm),
    ChecksumType: oneOf(ComputeObjectChecksumType),
  }),
  crc64IsOfWholeObjects,
);

/** Optional in the model, but required here: there is no other kind of encryption to request. */
const kmsEncryption = structure<S3UpdateObjectEncryptionSSEKMS>({
  KMSKeyArn: required(
    text({ min: 20, max: 2048, pattern: KMS_KEY_ARN, form: 'the ARN of a KMS key, not of an alias' }),
  ),
  BucketKeyEnabled: flag,
});

/** The members of each operation, checked before any object is read. */
export const operation = choice<JobOperation>({
  LambdaInvoke: lambdaInvoke,
  S3PutObjectCopy: copy,
  S3PutObjectAcl: structure({
    AccessControlPolicy: structure({
      AccessControlList: accessControlList,
      CannedAccessControlList: oneOf(S3CannedAccessControlList),
    }),
  }),
  S3PutObjectTagging: structure({ TagSet: tagSet(MAX_OBJECT_TAGS) }),
  S3DeleteObjectTagging: emptyStructure,
  S3InitiateRestoreObject: structure({
    ExpirationInDays: integer({}),
    GlacierJobTier: oneOf(S3GlacierJobTier),
  }),
  S3PutObjectLegalHold: structure({
    LegalHold: required(structure({ Status: required(oneOf(S3ObjectLockLegalHoldStatus)) })),
  }),
  S3PutObjectRetention: structure({
    BypassGovernanceRetention: flag,
    Retention: required(structure({ RetainUntilDate: time, Mode: oneOf(S3ObjectLockRetentionMode) })),
  }),
  S3ReplicateObject: emptyStructure,
  S3ComputeObjectChecksum: computeChecksum,
  S3UpdateObjectEncryption: structure({
    ObjectEncryption: required(structure({ SSEKMS: required(kmsEncryption) })),
  }),
});
