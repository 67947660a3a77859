import { createHash } from 'node:crypto';
import { CopyObjectCommand, DeleteObjectCommand } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type S3Stack, START_MS, startS3WithBucket, TARGET } from '../../../support/s3.ts';
import { callWire, wireRequest } from '../../../support/wire.ts';

const etag = `"${createHash('md5').update('body').digest('hex')}"`;
const notImplemented = (Header: string, additionalMessage: string) => ({
  name: 'NotImplemented',
  Header,
  additionalMessage,
  $metadata: { httpStatusCode: 501 },
});
const refusedValue = (Header: string) =>
  notImplemented(Header, `We don't accept the provided value of ${Header} header for this API`);
const several = notImplemented(
  'If-Match,If-None-Match',
  'Multiple conditional request headers present in the request',
);

let s3: S3Stack;
beforeEach(async () => {
  s3 = await startS3WithBucket({ limits: { minPartBytes: 1 } });
  await s3.put();
});

const copy = (more: object) =>
  s3.client.send(new CopyObjectCommand({ ...TARGET, Key: 'copy', CopySource: 'bucket/key', ...more }));

describe('PutObject', () => {
  test('with If-Match: * is NotImplemented', async () => {
    await expect(s3.put(TARGET.Key, 'x', { IfMatch: '*' })).rejects.toMatchObject(refusedValue('If-Match'));
  });

  test('with an ETag in If-None-Match is NotImplemented', async () => {
    const call = s3.put(TARGET.Key, 'x', { IfNoneMatch: etag });
    await expect(call).rejects.toMatchObject(refusedValue('If-None-Match'));
  });

  test('with both conditions is NotImplemented', async () => {
    const call = s3.put(TARGET.Key, 'x', { IfMatch: etag, IfNoneMatch: '*' });
    await expect(call).rejects.toMatchObject(several);
  });
});

describe('CopyObject', () => {
  test('with If-Match: * is NotImplemented', async () => {
    await expect(copy({ IfMatch: '*' })).rejects.toMatchObject(refusedValue('If-Match'));
  });

  test('with both conditions is NotImplemented', async () => {
    await expect(copy({ IfMatch: etag, IfNoneMatch: '*' })).rejects.toMatchObject(several);
  });

  test('ignores x-amz-copy-source-if-modified-since with a future date', async () => {
    await copy({ CopySourceIfModifiedSince: new Date(START_MS + 1000) });
    expect(await s3.read('copy')).toBe('body');
  });
});

describe('GetObject', () => {
  test('ignores If-Modified-Since with a future date', async () => {
    expect(await s3.read(TARGET.Key, { IfModifiedSince: new Date(START_MS + 1000) })).toBe('body');
  });

  test('applies If-Modified-Since with the date of the object', async () => {
    const call = s3.get(TARGET.Key, { IfModifiedSince: new Date(START_MS) });
    await expect(call).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
  });
});

describe('CompleteMultipartUpload', () => {
  const conflict = (Condition: string) => ({
    name: 'ConditionalRequestConflict',
    Condition,
    Key: TARGET.Key,
    $metadata: { httpStatusCode: 409 },
  });
  const remove = () => s3.client.send(new DeleteObjectCommand(TARGET));
  const complete = async (UploadId: string, conditions: object) =>
    s3.completeUpload(UploadId, [await s3.uploadPart(UploadId, 1, 'part')], conditions);

  test('with If-None-Match after a delete during the upload is ConditionalRequestConflict', async () => {
    const id = await s3.startUpload();
    await remove();
    await expect(complete(id, { IfNoneMatch: '*' })).rejects.toMatchObject(conflict('If-None-Match'));
  });

  test('with If-None-Match after a put during the upload is PreconditionFailed', async () => {
    await remove();
    const id = await s3.startUpload();
    await s3.put();
    await expect(complete(id, { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  test('with If-Match after a put of the same body during the upload is ConditionalRequestConflict', async () => {
    const id = await s3.startUpload();
    await s3.put();
    await expect(complete(id, { IfMatch: etag })).rejects.toMatchObject(conflict('If-Match'));
  });

  test('with If-Match after a delete and a put during the upload is ConditionalRequestConflict', async () => {
    const id = await s3.startUpload();
    await remove();
    await s3.put();
    await expect(complete(id, { IfMatch: etag })).rejects.toMatchObject(conflict('If-Match'));
  });

  test('with If-Match after a put of another body during the upload is PreconditionFailed', async () => {
    const id = await s3.startUpload();
    await s3.put(TARGET.Key, 'other');
    await expect(complete(id, { IfMatch: etag })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  test('with If-Match after a delete during the upload is NoSuchKey', async () => {
    const id = await s3.startUpload();
    await remove();
    await expect(complete(id, { IfMatch: etag })).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('with If-Match succeeds after a write of another key during the upload', async () => {
    const id = await s3.startUpload();
    await s3.put('other');
    await complete(id, { IfMatch: etag });
    expect(await s3.read()).toBe('part');
  });

  test('with If-Match: * is NotImplemented', async () => {
    const id = await s3.startUpload();
    await expect(complete(id, { IfMatch: '*' })).rejects.toMatchObject(refusedValue('If-Match'));
  });

  test('with both conditions is NotImplemented', async () => {
    const id = await s3.startUpload();
    await expect(complete(id, { IfMatch: etag, IfNoneMatch: '*' })).rejects.toMatchObject(several);
  });
});

describe('a presigned URL', () => {
  const signature = 'X-Amz-Signature=0&X-Amz-Credential=test%2F20261122%2Fus-east-1%2Fs3%2Faws4_request';
  const call = (method: string, query: string, body = '') =>
    callWire(s3.handle, wireRequest(method, `/bucket/key?${signature}&${query}`, { body }));

  test('can have If-None-Match in its query', async () => {
    expect((await call('PUT', 'If-None-Match=%2A', 'new')).status).toBe(412);
  });

  test('can have If-Match in its query', async () => {
    expect((await call('PUT', 'If-Match=%22other%22', 'new')).status).toBe(412);
  });

  test('can have a condition for GetObject in its query', async () => {
    expect((await call('GET', `if-none-match=${encodeURIComponent(etag)}`)).status).toBe(304);
  });

  test('can have other headers in its query', async () => {
    await call('PUT', 'x-amz-meta-colour=red&x-amz-tagging=a%3D1', 'new');
    expect(await s3.head()).toMatchObject({ Metadata: { colour: 'red' }, TagCount: 1 });
  });

  test('loses against a header of the request', async () => {
    const headers = { 'x-amz-meta-colour': 'blue' };
    const request = wireRequest('PUT', `/bucket/key?${signature}&x-amz-meta-colour=red`, { headers });
    await callWire(s3.handle, request);
    expect((await s3.head()).Metadata).toEqual({ colour: 'blue' });
  });
});

test('a query without a signature has no headers', async () => {
  const request = wireRequest('PUT', '/bucket/key?If-None-Match=%2A', { body: 'new' });
  expect((await callWire(s3.handle, request)).status).toBe(200);
});
