import { createHash } from 'node:crypto';
import type { S3ComputeObjectChecksumOperation } from '@aws-sdk/client-s3-control';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type BatchStack, rowsOf, startBatch } from '../../../support/batch.ts';
import {
  headOf,
  operationRequest,
  putInParts,
  putObject,
  runOperation,
  setVersioning,
} from '../../../support/operations.ts';

const DIGITS = '123456789';

let stack: BatchStack;
beforeEach(async () => {
  stack = await startBatch({ limits: { minPartBytes: 1 } });
  await putObject(stack.s3, 'data', 'digits', { Body: DIGITS });
});

const compute = (operation: S3ComputeObjectChecksumOperation, rows = rowsOf(['digits'])) =>
  runOperation(stack, rows, { S3ComputeObjectChecksum: operation });

/** The JSON in the last column of a row. */
const resultOf = (row = '') => JSON.parse(row.slice(row.indexOf('"{') + 1, -1).replaceAll('""', '"'));
const results = async (operation: S3ComputeObjectChecksumOperation, rows?: string) =>
  (await compute(operation, rows)).succeeded.map(resultOf);
const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
const md5 = (...texts: string[]) => createHash('md5').update(texts.join('')).digest('hex');

describe('S3ComputeObjectChecksum', () => {
  test('writes the checksum to the report as S3 does, and does not change the object', async () => {
    const before = await headOf(stack.s3, 'data', 'digits');
    const { job, succeeded } = await compute({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    expect(job).toMatchObject({ Status: 'Complete', ProgressSummary: { NumberOfTasksSucceeded: 1 } });
    expect(succeeded).toEqual([
      `data,digits,,succeeded,200,,"{""checksum_base64"":""y/Q5Jg\\u003d\\u003d"",""etag"":""${md5(DIGITS)}"",""checksumAlgorithm"":""CRC32"",""checksumType"":""FULL_OBJECT"",""checksum_hex"":""CBF43926""}"`,
    ]);
    const { $metadata: _, ...after } = await headOf(stack.s3, 'data', 'digits');
    expect(before).toMatchObject(after);
  });

  test.each([
    ['CRC32', 'CBF43926'],
    ['CRC32C', 'E3069283'],
    ['CRC64NVME', 'AE8B14860A799888'],
    ['MD5', '25F9E794323B453885F5181F1B624D0B'],
    ['SHA1', 'F7C3BC1D808E04732ADF679965CCC34CA7AE3441'],
    ['SHA256', '15E2B0D3C33891EBB0F1EF609EC419420C20E320CE94C65FBC8C3312448EB225'],
    [
      'SHA512',
      'D9E6762DD1C8EAF6D61B3C6192FC408D4D6D5F1176D0C29169BC24E71C3F274AD27FCD5811B313D681F7E55EC02D73D499C95455B6B5BB503ACF574FBA8FFE85',
    ],
    ['XXHASH64', '8CB841DB40E6AE83'],
  ] as const)('computes %s, with its published check value', async (ChecksumAlgorithm, checksum_hex) => {
    expect(await results({ ChecksumAlgorithm })).toEqual([
      expect.objectContaining({
        checksumAlgorithm: ChecksumAlgorithm,
        checksumType: 'FULL_OBJECT',
        checksum_base64: base64(checksum_hex),
        checksum_hex,
      }),
    ]);
  });

  test.each([
    ['XXHASH3', '2D06800538D394C2'],
    ['XXHASH128', '99AA06D3014798D86001C324468D497F'],
  ] as const)(
    'computes %s, with its published value for no bytes',
    async (ChecksumAlgorithm, checksum_hex) => {
      await putObject(stack.s3, 'data', 'empty', { Body: Buffer.alloc(0) });
      expect(await results({ ChecksumAlgorithm }, rowsOf(['empty']))).toMatchObject([{ checksum_hex }]);
    },
  );

  test('computes CRC64NVME of full objects by default', async () => {
    expect(await results({})).toMatchObject([
      { checksumAlgorithm: 'CRC64NVME', checksumType: 'FULL_OBJECT', checksum_hex: 'AE8B14860A799888' },
    ]);
  });

  test('computes a composite checksum of the parts, or a checksum of the full object', async () => {
    await putInParts(stack.s3, 'data', 'parts', ['1234', '56789']);
    const parts = rowsOf(['parts']);
    const sha1 = (data: string | Buffer) => createHash('sha1').update(data).digest();
    const composite = sha1(Buffer.concat([sha1('1234'), sha1('56789')]));
    expect(await results({ ChecksumAlgorithm: 'SHA1', ChecksumType: 'COMPOSITE' }, parts)).toEqual([
      {
        checksum_base64: `${composite.toString('base64')}-2`,
        checksum_hex: composite.toString('hex').toUpperCase(),
        checksumAlgorithm: 'SHA1',
        checksumType: 'COMPOSITE',
        etag: expect.stringMatching(/^\w{32}-2$/),
      },
    ]);
    expect(await results({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' }, parts)).toMatchObject([
      { checksum_hex: 'CBF43926', checksumType: 'FULL_OBJECT' },
    ]);
  });

  test('reports FULL_OBJECT for an object that was not uploaded in parts', async () => {
    expect(await results({ ChecksumAlgorithm: 'CRC32', ChecksumType: 'COMPOSITE' })).toMatchObject([
      { checksum_hex: 'CBF43926', checksumType: 'FULL_OBJECT' },
    ]);
  });

  test('reads archived objects, large ones, and the versions that the manifest names', async () => {
    const large = Buffer.alloc(3_000_000, 'large');
    await putObject(stack.s3, 'data', 'cold', { Body: large, StorageClass: 'DEEP_ARCHIVE' });
    const sha256 = createHash('sha256').update(large).digest('hex').toUpperCase();
    expect(await results({ ChecksumAlgorithm: 'SHA256' }, rowsOf(['cold']))).toMatchObject([
      { checksum_hex: sha256 },
    ]);
    await setVersioning(stack.s3, 'data');
    const version = await putObject(stack.s3, 'data', 'v', { Body: DIGITS });
    await putObject(stack.s3, 'data', 'v', { Body: 'other' });
    expect(await results({ ChecksumAlgorithm: 'CRC32' }, `data,v,${version}\n`)).toMatchObject([
      { checksum_hex: 'CBF43926' },
    ]);
  });
});

describe('S3ComputeObjectChecksum reports', () => {
  const details = (text: string, code: number) =>
    expect.stringMatching(
      new RegExp(
        `,failed,200,PermanentFailure,"error details: {""failureMessage"":""Task [0-9a-f-]{36} ${text}"", ""errorCode"": ""${code}""}"$`,
      ),
    );

  test('missing objects and buckets', async () => {
    const { job, failed } = await compute({ ChecksumAlgorithm: 'CRC32' }, 'data,none\nno-such-bucket,a\n');
    expect(job).toMatchObject({ Status: 'Complete', ProgressSummary: { NumberOfTasksFailed: 2 } });
    expect(failed).toEqual([
      details('Key not found', 404),
      details('The specified bucket does not exist', 404),
    ]);
  });

  test('objects that are encrypted with a customer-provided key', async () => {
    const key = Buffer.alloc(32, 7);
    await putObject(stack.s3, 'data', 'secret', {
      SSECustomerAlgorithm: 'AES256',
      SSECustomerKey: key.toString('base64'),
      SSECustomerKeyMD5: createHash('md5').update(key).digest('base64'),
    });
    const { failed } = await compute({ ChecksumAlgorithm: 'CRC32' }, rowsOf(['secret']));
    expect(failed).toEqual([details('SSE-C encryption type is not supported for this operation', 400)]);
  });
});

describe('a job of S3ComputeObjectChecksum is refused', () => {
  const request = (operation: S3ComputeObjectChecksumOperation) =>
    operationRequest(stack, rowsOf(['digits']), { S3ComputeObjectChecksum: operation });

  test.each([
    ['no report', 'Report.Enabled', { Enabled: false }],
    ['no expected owner of the report', 'Report.ExpectedBucketOwner', { ExpectedBucketOwner: undefined }],
  ])('with %s', async (_, field, report) => {
    const { Report, ...others } = await request({});
    const changed = { ...others, Report: { ...Report, Enabled: true, ...report } };
    await expect(stack.run(changed)).rejects.toMatchObject({
      code: 'InvalidRequest',
      message: expect.stringContaining(field),
    });
  });

  test.each(['CRC64NVME', undefined] as const)('with a composite %s', async (ChecksumAlgorithm) => {
    const composite = await request({ ChecksumAlgorithm, ChecksumType: 'COMPOSITE' });
    await expect(stack.run(composite)).rejects.toMatchObject({
      code: 'InvalidRequest',
      message: expect.stringContaining('must be FULL_OBJECT for CRC64NVME'),
    });
  });
});
