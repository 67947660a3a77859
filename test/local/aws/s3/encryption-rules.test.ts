import { createHash } from 'node:crypto';
import {
  CopyObjectCommand,
  DeleteBucketEncryptionCommand,
  GetBucketEncryptionCommand,
  PutBucketEncryptionCommand,
  type ServerSideEncryptionByDefault,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type S3Stack, startS3WithBucket, TARGET } from '../../../support/s3.ts';
import { callWire, wireRequest } from '../../../support/wire.ts';

const customerKey = (letter: string) => {
  const key = Buffer.alloc(32, letter);
  return {
    SSECustomerAlgorithm: 'AES256',
    SSECustomerKey: key.toString('base64'),
    SSECustomerKeyMD5: createHash('md5').update(key).digest('base64'),
  };
};
const KEY = customerKey('k');
const OTHER_KEY = customerKey('o');
const HEADER = 'x-amz-server-side-encryption';
const keyHeaders = (withMd5: boolean) => ({
  [`${HEADER}-customer-algorithm`]: 'AES256',
  [`${HEADER}-customer-key`]: KEY.SSECustomerKey,
  ...(withMd5 && { [`${HEADER}-customer-key-md5`]: KEY.SSECustomerKeyMD5 }),
});
const incompatible = {
  name: 'InvalidArgument',
  message:
    'Server Side Encryption with Customer provided key is incompatible with the encryption method specified',
  ArgumentName: HEADER,
};

let s3: S3Stack;
beforeEach(async () => {
  s3 = await startS3WithBucket();
});

const copy = (more: object) =>
  s3.client.send(new CopyObjectCommand({ ...TARGET, Key: 'copy', CopySource: 'bucket/key', ...more }));
const call = async (method: string, headers: Record<string, string>) => {
  const { status, text } = await callWire(s3.handle, wireRequest(method, '/bucket/key', { headers }));
  return { status, code: /<Code>(\w+)<\/Code>/.exec(text)?.[1] };
};

describe('SSE-C', () => {
  test('with server-side encryption is InvalidArgument for PutObject', async () => {
    const put = s3.put(TARGET.Key, 'x', { ...KEY, ServerSideEncryption: 'AES256' });
    await expect(put).rejects.toMatchObject({ ...incompatible, ArgumentValue: 'AES256' });
  });

  test('with server-side encryption is InvalidArgument for CopyObject', async () => {
    await s3.put();
    const call = copy({ ...KEY, ServerSideEncryption: 'aws:kms' });
    await expect(call).rejects.toMatchObject({ ...incompatible, ArgumentValue: 'aws:kms' });
  });

  test('with server-side encryption is InvalidArgument for CreateMultipartUpload', async () => {
    const call = s3.startUpload({ ...KEY, ServerSideEncryption: 'AES256' });
    await expect(call).rejects.toMatchObject(incompatible);
  });

  test('with another algorithm than AES256 is InvalidEncryptionAlgorithmError', async () => {
    const put = s3.put(TARGET.Key, 'x', { ...KEY, SSECustomerAlgorithm: 'aws:kms' });
    await expect(put).rejects.toMatchObject({
      name: 'InvalidEncryptionAlgorithmError',
      message: 'The Encryption request you specified is not valid. Supported value: AES256.',
    });
  });

  test('without an algorithm is InvalidArgument', async () => {
    const put = s3.put(TARGET.Key, 'x', { ...KEY, SSECustomerAlgorithm: undefined });
    await expect(put).rejects.toMatchObject({
      name: 'InvalidArgument',
      message: expect.stringContaining('must provide a valid encryption algorithm'),
    });
  });

  test('without a key is InvalidArgument', async () => {
    expect(await call('PUT', { [`${HEADER}-customer-algorithm`]: 'AES256' })).toEqual({
      status: 400,
      code: 'InvalidArgument',
    });
  });

  test('without the MD5 of the key is InvalidArgument for PutObject', async () => {
    expect(await call('PUT', keyHeaders(false))).toEqual({ status: 400, code: 'InvalidArgument' });
  });

  test('without the MD5 of the key is AccessDenied for GetObject', async () => {
    await s3.put(TARGET.Key, 'secret', KEY);
    expect(await call('GET', keyHeaders(false))).toEqual({ status: 403, code: 'AccessDenied' });
  });

  test('with another key is AccessDenied for GetObject', async () => {
    await s3.put(TARGET.Key, 'secret', KEY);
    await expect(s3.get(TARGET.Key, OTHER_KEY)).rejects.toMatchObject({
      name: 'AccessDenied',
      message:
        'Requests specifying Server Side Encryption with Customer provided keys must provide the correct secret key.',
    });
  });
});

describe('an upload with SSE-C', () => {
  const missing = {
    name: 'InvalidRequest',
    message:
      'The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters.',
  };
  const mismatch = {
    name: 'InvalidRequest',
    message: 'The provided encryption parameters did not match the ones used originally.',
  };
  const part = async (more: object) => ({
    ...TARGET,
    UploadId: await s3.startUpload(KEY),
    PartNumber: 1,
    ...more,
  });
  const upload = async (more: object) =>
    s3.client.send(new UploadPartCommand({ ...(await part(more)), Body: 'x' }));
  const uploadCopy = async (more: object) => {
    await s3.put('source');
    return s3.client.send(new UploadPartCopyCommand({ ...(await part(more)), CopySource: 'bucket/source' }));
  };

  test('refuses UploadPart without the key', async () => {
    await expect(upload({})).rejects.toMatchObject(missing);
  });

  test('refuses UploadPart with another key', async () => {
    await expect(upload(OTHER_KEY)).rejects.toMatchObject(mismatch);
  });

  test('accepts UploadPart with its key', async () => {
    expect(await upload(KEY)).toMatchObject({ SSECustomerKeyMD5: KEY.SSECustomerKeyMD5 });
  });

  test('refuses UploadPartCopy without the key', async () => {
    await expect(uploadCopy({})).rejects.toMatchObject(missing);
  });

  test('refuses UploadPartCopy with another key', async () => {
    await expect(uploadCopy(OTHER_KEY)).rejects.toMatchObject(mismatch);
  });

  test('accepts UploadPartCopy with its key', async () => {
    expect(await uploadCopy(KEY)).toMatchObject({ SSECustomerKeyMD5: KEY.SSECustomerKeyMD5 });
  });
});

test('an upload without SSE-C refuses UploadPart with a key', async () => {
  const part = { ...TARGET, UploadId: await s3.startUpload(), PartNumber: 1, Body: 'x' };
  await expect(s3.client.send(new UploadPartCommand({ ...part, ...KEY }))).rejects.toMatchObject({
    name: 'InvalidRequest',
  });
});

describe('the server-side encryption header', () => {
  beforeEach(() => s3.put());
  const headers = { [HEADER]: 'AES256' };

  test('is InvalidArgument for GetObject', async () => {
    expect(await call('GET', headers)).toEqual({ status: 400, code: 'InvalidArgument' });
  });

  test('is 400 for HeadObject', async () => {
    expect((await call('HEAD', headers)).status).toBe(400);
  });

  test('is InvalidArgument for UploadPart', async () => {
    const target = `/bucket/key?uploadId=${await s3.startUpload()}&partNumber=1`;
    const { text } = await callWire(s3.handle, wireRequest('PUT', target, { headers, body: 'x' }));
    expect(text).toContain('x-amz-server-side-encryption header is not supported for this operation.');
  });
});

describe('the default encryption of a bucket', () => {
  const encrypt = (ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault) =>
    s3.client.send(
      new PutBucketEncryptionCommand({
        Bucket: TARGET.Bucket,
        ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault }] },
      }),
    );

  test('aws:kms without a key gives objects the ARN of a key', async () => {
    await encrypt({ SSEAlgorithm: 'aws:kms' });
    expect((await s3.put()).SSEKMSKeyId).toMatch(/^arn:aws:kms:us-east-1:000000000000:key\/[0-9a-f-]{36}$/);
  });

  test('AES256 with a key is InvalidArgument', async () => {
    await expect(encrypt({ SSEAlgorithm: 'AES256', KMSMasterKeyID: 'abc' })).rejects.toMatchObject({
      name: 'InvalidArgument',
      ArgumentName: 'ApplyServerSideEncryptionByDefault',
    });
  });

  test('with an unknown algorithm is MalformedXML', async () => {
    await expect(encrypt({ SSEAlgorithm: 'ROT13' as 'AES256' })).rejects.toMatchObject({
      name: 'MalformedXML',
    });
  });

  test('lets an object be copied onto itself', async () => {
    await s3.put();
    await encrypt({ SSEAlgorithm: 'aws:kms' });
    expect(await copy({ Key: TARGET.Key })).toMatchObject({ ServerSideEncryption: 'aws:kms' });
  });

  test('of AES256 lets an object be copied onto itself', async () => {
    await s3.put();
    await encrypt({ SSEAlgorithm: 'AES256' });
    expect(await copy({ Key: TARGET.Key })).toMatchObject({ ServerSideEncryption: 'AES256' });
  });

  test('is AES256 again after it is deleted, and a copy onto itself is refused', async () => {
    await s3.put();
    await encrypt({ SSEAlgorithm: 'aws:kms' });
    const { Bucket } = TARGET;
    await s3.client.send(new DeleteBucketEncryptionCommand({ Bucket }));
    const { ServerSideEncryptionConfiguration } = await s3.client.send(
      new GetBucketEncryptionCommand({ Bucket }),
    );
    expect(ServerSideEncryptionConfiguration?.Rules).toMatchObject([
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
    ]);
    await expect(copy({ Key: TARGET.Key })).rejects.toMatchObject({ name: 'InvalidRequest' });
  });
});

test('a copy of the current version onto itself is allowed when its version id is named', async () => {
  await s3.setVersioning('Enabled');
  const { VersionId } = await s3.put();
  await copy({ Key: TARGET.Key, CopySource: `bucket/key?versionId=${VersionId}` });
  expect((await s3.head()).VersionId).not.toBe(VersionId);
});
