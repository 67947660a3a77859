import { createHash } from 'node:crypto';
import { ACCOUNT_ID, REGION } from '../../../core/account.ts';
import {
  accessDenied,
  invalidArgument,
  invalidCustomerAlgorithm,
  invalidEncryption,
  invalidRequest,
} from '../errors.ts';
import type { Bucket } from '../store/buckets.ts';
import type { ObjectFacts } from '../store/facts.ts';

const SSE_S3 = 'AES256';
const ALGORITHMS = new Set([SSE_S3, 'aws:kms', 'aws:kms:dsse']);

export const isAlgorithm = (name: string): boolean => ALGORITHMS.has(name);
const KMS = `arn:aws:kms:${REGION}:${ACCOUNT_ID}`;
/** The key that AWS manages for S3 in the account, alias `aws/s3`. */
const DEFAULT_KEY_ARN = `${KMS}:key/5a3c7b1e-0f4d-4d52-8a6b-1c9e2f7d3b60`;

interface EncryptionInput {
  ServerSideEncryption?: string | undefined;
  SSEKMSKeyId?: string | undefined;
  SSEKMSEncryptionContext?: string | undefined;
  BucketKeyEnabled?: boolean | undefined;
  SSECustomerAlgorithm?: string | undefined;
  SSECustomerKey?: string | undefined;
  SSECustomerKeyMD5?: string | undefined;
}

/** A KMS key as S3 returns it: ids and aliases become ARNs. The default is the key that AWS manages for S3. */
export const kmsKeyArn = (keyId: string | undefined): string =>
  keyId === undefined
    ? DEFAULT_KEY_ARN
    : keyId.startsWith('arn:')
      ? keyId
      : keyId.startsWith('alias/')
        ? `${KMS}:${keyId}`
        : `${KMS}:key/${keyId}`;

/** The encryption of a new object: that of the request, or else the default of the bucket. No bytes are encrypted. */
export function newEncryption(
  bucket: Bucket,
  input: EncryptionInput,
): Pick<ObjectFacts, 'encryption' | 'customerKey'> {
  const customerKey = checkCustomerKey(input);
  if (customerKey) {
    if (input.ServerSideEncryption !== undefined)
      throw customerKeyFault(
        'Server Side Encryption with Customer provided key is incompatible with the encryption method specified',
        input.ServerSideEncryption,
      );
    return { customerKey };
  }
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

/** The SSE-C key of a request, after checking its length and digest; undefined without a key. */
export function checkCustomerKey(input: EncryptionInput): ObjectFacts['customerKey'] {
  const { SSECustomerAlgorithm: algorithm, SSECustomerKey: key, SSECustomerKeyMD5: md5 } = input;
  if (algorithm === undefined && key === undefined) return undefined;
  if (algorithm === undefined)
    throw customerKeyFault(
      'Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption algorithm.',
    );
  if (key === undefined)
    throw customerKeyFault(
      'Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key.',
    );
  if (algorithm !== SSE_S3) throw invalidCustomerAlgorithm(algorithm);
  const bytes = Buffer.from(key, 'base64');
  if (bytes.byteLength !== 32)
    throw customerKeyFault('The secret key was invalid for the specified algorithm.');
  if (md5 === undefined)
    throw customerKeyFault(
      'Requests specifying Server Side Encryption with Customer provided keys must provide the client calculated MD5 of the secret key.',
    );
  if (createHash('md5').update(bytes).digest('base64') !== md5)
    throw customerKeyFault('The calculated MD5 hash of the key did not match the hash that was provided.');
  return { algorithm, md5 };
}

/** S3 names the wrong header in these errors, so the stand-in does too. */
const customerKeyFault = (message: string, value = 'null') =>
  invalidArgument(message, 'x-amz-server-side-encryption', value);

/** Checks the key of a part against the key of its upload: both have the same one, or none. */
export function checkPartKey({ customerKey }: ObjectFacts, input: EncryptionInput): void {
  const provided = checkCustomerKey(input);
  if (!customerKey !== !provided)
    throw invalidRequest(
      'The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters.',
    );
  if (customerKey?.md5 !== provided?.md5)
    throw invalidRequest('The provided encryption parameters did not match the ones used originally.');
}

const ENCRYPTION_HEADER = 'x-amz-server-side-encryption';

/** Throws for the encryption header in a request whose object, or upload, has its encryption already. */
export function refuseEncryptionHeader(headers: Readonly<Record<string, string>>): void {
  const value = headers[ENCRYPTION_HEADER];
  if (value !== undefined)
    throw invalidArgument(
      `${ENCRYPTION_HEADER} header is not supported for this operation.`,
      ENCRYPTION_HEADER,
      value,
    );
}

/** Throws unless the request has the SSE-C key with which the object was stored, or neither has a key. */
export function checkReadKey({ customerKey }: ObjectFacts, input: EncryptionInput, denial?: string): void {
  // S3 compares the MD5 of the keys before it checks the key itself.
  const hasKey = input.SSECustomerKey !== undefined || input.SSECustomerAlgorithm !== undefined;
  if (customerKey && hasKey && input.SSECustomerKeyMD5 !== customerKey.md5) throw accessDenied(denial);
  const provided = checkCustomerKey(input);
  if (!customerKey && provided)
    throw invalidRequest('The encryption parameters are not applicable to this object.');
  if (customerKey && !provided)
    throw invalidRequest(
      'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
    );
}

export interface EncryptionMembers {
  ServerSideEncryption?: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  SSEKMSKeyId?: string;
  BucketKeyEnabled?: boolean;
  SSECustomerAlgorithm?: string;
  SSECustomerKeyMD5?: string;
}

/** The output members that describe the encryption of an object. */
export function describeEncryption({
  encryption,
  customerKey,
}: Pick<ObjectFacts, 'encryption' | 'customerKey'>): EncryptionMembers {
  if (customerKey) return { SSECustomerAlgorithm: customerKey.algorithm, SSECustomerKeyMD5: customerKey.md5 };
  const { algorithm = SSE_S3, keyId, bucketKey } = encryption ?? {};
  return {
    ServerSideEncryption: algorithm as NonNullable<EncryptionMembers['ServerSideEncryption']>,
    ...(keyId !== undefined && { SSEKMSKeyId: keyId }),
    ...(bucketKey && { BucketKeyEnabled: true }),
  };
}
