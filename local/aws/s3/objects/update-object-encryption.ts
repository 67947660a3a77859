import type { S3Action, S3Core } from '../core.ts';
import { accessDenied, invalidRequest, malformedXml } from '../errors.ts';
import { kmsKeyArn } from '../rules/encryption.ts';
import { isLocked } from '../rules/object-lock.ts';
import { findVersion } from '../rules/versions.ts';

/** Changes SSE-S3 or SSE-KMS to SSE-KMS without a copy. ETag and date do not change. */
export const updateObjectEncryption =
  (s3: S3Core): S3Action<'UpdateObjectEncryption'> =>
  (input, { response }) => {
    const { version } = findVersion(s3, input, response.headers, 'PUT');
    const { KMSKeyArn: keyArn, BucketKeyEnabled: bucketKey = false } = input.ObjectEncryption?.SSEKMS ?? {};
    if (keyArn === undefined) throw malformedXml();
    if (!/^arn:aws[a-z0-9-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/.test(keyArn))
      throw invalidRequest('The KMS key must be the full ARN of a key.');
    const { encryption, customerKey } = version.facts;
    if (customerKey || encryption?.algorithm === 'aws:kms:dsse')
      throw invalidRequest('The encryption of objects with SSE-C or DSSE-KMS cannot be updated.');
    if (isLocked(s3, version.facts))
      throw accessDenied('Access Denied because object protected by object lock.');
    const updated = { algorithm: 'aws:kms', keyId: kmsKeyArn(keyArn), ...(bucketKey && { bucketKey }) };
    s3.database.transaction(() => s3.objects.changeFacts(version, { ...version.facts, encryption: updated }));
    return {};
  };
