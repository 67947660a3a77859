import {
  GeneratedManifestFormat,
  type JobManifestGeneratorFilter,
  type ObjectEncryptionFilter,
  ReplicationStatus,
  type S3JobManifestGenerator,
  S3StorageClass,
} from '@aws-sdk/client-s3-control';
import { invalidRequest } from '../errors.ts';
import {
  all,
  choice,
  emptyStructure,
  flag,
  integer,
  list,
  oneOf,
  required,
  structure,
  text,
  time,
  whenPresent,
} from './checks.ts';
import { accountId, bucketArn } from './common.ts';

/** A list by its type, but S3 accepts exactly one string. */
const oneString = list(text({ max: 1024 }), { min: 1, max: 1 });
const keyArn = text({ min: 20, max: 2048 });

const encryption = choice<ObjectEncryptionFilter>({
  SSES3: emptyStructure,
  SSEKMS: structure({ KmsKeyArn: keyArn, BucketKeyEnabled: flag }),
  DSSEKMS: structure({ KmsKeyArn: keyArn }),
  SSEC: emptyStructure,
  NOTSSE: emptyStructure,
});

const filter = structure<JobManifestGeneratorFilter>({
  EligibleForReplication: flag,
  CreatedAfter: time,
  CreatedBefore: time,
  ObjectReplicationStatuses: list(oneOf(ReplicationStatus)),
  KeyNameConstraint: structure({
    MatchAnyPrefix: oneString,
    MatchAnySuffix: oneString,
    MatchAnySubstring: oneString,
  }),
  ObjectSizeGreaterThanBytes: integer({}),
  ObjectSizeLessThanBytes: integer({}),
  MatchAnyStorageClass: list(oneOf(S3StorageClass)),
  MatchAnyObjectEncryption: list(encryption, { min: 1, max: 1 }),
});

const outputNeedsLocation = whenPresent((value, path) => {
  const { EnableManifestOutput, ManifestOutputLocation } = value as S3JobManifestGenerator;
  if (EnableManifestOutput && !ManifestOutputLocation) {
    throw invalidRequest(`${path}.ManifestOutputLocation`, 'is required when EnableManifestOutput is true');
  }
});

export const manifestGenerator = choice({
  S3JobManifestGenerator: all(
    structure<S3JobManifestGenerator>({
      SourceBucket: required(bucketArn),
      EnableManifestOutput: required(flag),
      ExpectedBucketOwner: accountId,
      Filter: filter,
      ManifestOutputLocation: structure({
        Bucket: required(bucketArn),
        ManifestFormat: required(oneOf(GeneratedManifestFormat)),
        ExpectedManifestBucketOwner: accountId,
        ManifestPrefix: text({ max: 512 }),
        ManifestEncryption: structure({
          SSES3: emptyStructure,
          SSEKMS: structure({ KeyId: required(text({ max: 2000 })) }),
        }),
      }),
    }),
    outputNeedsLocation,
  ),
});
