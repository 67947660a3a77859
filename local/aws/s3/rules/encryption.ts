import { createHash } from 'node:crypto';
import { ACCOUNT_ID, REGION } from '../../../core/account.ts';
import { accessDenied, invalidArgument, invalidEncryption, invalidRequest } from '../errors.ts';
import type { Bucket } from '../store/buckets.ts';
import type { ObjectFacts } from '../store/facts.ts';

const SSE_S3 = 'AES256';
const ALGORITHMS = new Set([SSE_S3, 'aws:kms', 'aws:kms:dsse']);

export const isAlgorithm = (name: string): boolean => ALGORITHMS.has(name);
const KMS = `arn:aws:kms:${REGION}:${ACCOUNT_ID}`;

interface EncryptionInput {
  ServerSideEncryption?: string | undefined;
  SSEKMSKeyId?: string | undefined;
  SSEKMSEncryptionContext?: string | undefined;
  BucketKeyEnabled?: boolean | undefined;
  SSECustomerAlgorithm?: string | undefined;
  SSECustomerKey?: string | undefined;
  SSECustomerKeyMD5?: string | undefined;
}

/** A KMS key as S3 answers it: ids and aliases become ARNs, none is the key that AWS manages for S3. */
export const kmsKeyArn = (keyId: string | undefined): string =>
  keyId === undefined
    ? `${KMS}:alias/aws/s3`
    : keyId.startsWith('arn:')
      ? keyId
      : keyId.startsWith('alias/')
        ? `${KMS}:${keyId}`
        : `${KMS}:key/${keyId}`;

/** How a new object is encrypted: as the request says, else as the bucket's default says. Nothing really is. */
export function newEncryption(
  bucket: Bucket,
  input: EncryptionInput,
): Pick<ObjectFacts, 'encryption' | 'customerKey'> {
  const customerKey = checkCustomerKey(input);
  if (customerKey) return { customerKey };
  const byDefault = bucket.settings.encryption;
  const algorithm = input.ServerSideEncryption ?? byDefault?.algorithm ?? SSE_S3;
  if (!isAlgorithm(algorithm)) throw invalidEncryption(algorithm);
  if (algorithm === SSE_S3) {
    if (input.SSEKMSKeyId !== undefined)
      throw invalidArgument(
        'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
        'x-amz-server-side-encryption',
        algorithm,
      );
    return {};
  }
  const inherited = input.ServerSideEncryption === undefined ? byDefault : undefined;
  const bucketKey = input.BucketKeyEnabled ?? byDefault?.bucketKey;
  const context = input.SSEKMSEncryptionContext;
  return {
    encryption: {
      algorithm,
      keyId: kmsKeyArn(input.SSEKMSKeyId ?? inherited?.keyId),
      ...(bucketKey && { bucketKey }),
      ...(context !== undefined && { context }),
    },
  };
}

/** SSE-C: the algorithm and a key whose digest agrees; undefined when the request brings no key. */
export function checkCustomerKey(input: EncryptionInput): ObjectFacts['customerKey'] {
  const { SSECustomerAlgorithm: algorithm, SSECustomerKey: key, SSECustomerKeyMD5: md5 } = input;
  if (algorithm === undefined && key === undefined) return undefined;
  if (algorithm !== SSE_S3)
    throw invalidArgument(
      'The encryption request you specified is not valid. Supported value: AES256.',
      'x-amz-server-side-encryption-customer-algorithm',
      algorithm ?? 'null',
    );
  const bytes = Buffer.from(key ?? '', 'base64');
  if (bytes.byteLength !== 32)
    throw invalidArgument(
      'The secret key was invalid for the specified algorithm.',
      'x-amz-server-side-encryption-customer-key',
      'redacted',
    );
  if (createHash('md5').update(bytes).digest('base64') !== md5)
    throw invalidArgument(
      'The calculated MD5 hash of the key did not match the hash that was provided.',
      'x-amz-server-side-encryption-customer-key-MD5',
      md5 ?? 'null',
    );
  return { algorithm, md5 };
}

/** Refuses to read what was encrypted with a customer's key unless that very key is brought. */
export function checkReadKey({ customerKey }: ObjectFacts, input: EncryptionInput): void {
  const brought = checkCustomerKey(input);
  if (!customerKey && brought)
    throw invalidRequest('The encryption parameters are not applicable to this object.');
  if (customerKey && !brought)
    throw invalidRequest(
      'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
    );
  if (customerKey && brought && customerKey.md5 !== brought.md5) throw accessDenied();
}

export interface ShownEncryption {
  ServerSideEncryption?: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  SSEKMSKeyId?: string;
  BucketKeyEnabled?: boolean;
  SSECustomerAlgorithm?: string;
  SSECustomerKeyMD5?: string;
}

/** Members of an output that say how an object is encrypted. */
export function shownEncryption({
  encryption,
  customerKey,
}: Pick<ObjectFacts, 'encryption' | 'customerKey'>): ShownEncryption {
  if (customerKey) return { SSECustomerAlgorithm: customerKey.algorithm, SSECustomerKeyMD5: customerKey.md5 };
  const { algorithm = SSE_S3, keyId, bucketKey } = encryption ?? {};
  return {
    ServerSideEncryption: algorithm as NonNullable<ShownEncryption['ServerSideEncryption']>,
    ...(keyId !== undefined && { SSEKMSKeyId: keyId }),
    ...(bucketKey && { BucketKeyEnabled: true }),
  };
}
