import { PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { call, post, type SimulatedStack, simulateStack } from './support/simulated-stack.ts';

/** Lambda answers with at most 6 MB. */
const MAX_ANSWER_BYTES = 6 * 1024 * 1024;
const MIB = 1024 * 1024;

let stack: SimulatedStack;
let path: string;
let folder: string;
let bucket: string;

/** Whoever can write to the report bucket can replace a report. */
const put = (name: string, Body: string) =>
  stack.s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${folder}/${name}`, Body: Buffer.from(Body) }));
const resultOf = (Key: string) => ({ TaskExecutionStatus: 'failed', Bucket: bucket, Key });
const putRows = async (rows: string) => {
  await put('manifest.json', JSON.stringify({ Results: [resultOf(`${folder}/results/x.csv`)] }));
  await put('results/x.csv', rows);
};

beforeAll(async () => {
  stack = await simulateStack({ keys: [] });
  const body = { Operation: { S3DeleteObjectTagging: {} }, Objects: [{ Bucket: 'data', Key: 'missing' }] };
  const { body: answer } = await post(stack, '/jobs', body);
  const { report } = await stack.ended(answer.jobRequestId);
  path = `/jobs/${answer.jobRequestId}`;
  bucket = report?.bucket ?? '';
  folder = report?.manifestKey.replace('/manifest.json', '') ?? '';
});

const doors = [
  ['GET', '/failures'],
  ['POST', '/retry-failed'],
] as const;

/** The answers of all calls that read the report. */
const answers = async () => {
  const all = [];
  for (const [method, at] of doors)
    all.push(await call(stack, method, `${path}${at}`, method === 'POST' ? { body: { Codes: ['*'] } } : {}));
  return all;
};

async function expectNotReadable(): Promise<void> {
  for (const { status, body } of await answers())
    expect([status, body.code]).toEqual([409, 'ReportNotReadable']);
}

describe('a manifest.json', () => {
  test.each([
    'null',
    '1',
    '"text"',
    '[]',
    '{"Results": null}',
    '{"Results": {}}',
    '{"Results": 1}',
    '{"Results": [null]}',
    '{"Results": ["failed"]}',
    '{"Results": [{"TaskExecutionStatus": "failed"}]}',
    '{"Results": [{"TaskExecutionStatus": "failed", "Bucket": 1, "Key": {}}]}',
    '{"Results"',
    '',
    '\ufeff{}',
  ])('of %j is not readable', async (text) => {
    await put('manifest.json', text);
    await expectNotReadable();
  });

  test('of any JSON is not readable, or has no failed rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          fc
            .record({
              Results: fc.array(
                fc.record({ TaskExecutionStatus: fc.constant('failed'), Key: fc.jsonValue() }),
              ),
            })
            .map((value) => JSON.stringify(value)),
        ),
        async (text) => {
          await put('manifest.json', text);
          const [failures] = await answers();
          if (failures?.status === 200) expect(failures.body.failures).toEqual([]);
          else expect([failures?.status, failures?.body.code]).toEqual([409, 'ReportNotReadable']);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('without the key of a file is not readable', async () => {
    await put(
      'manifest.json',
      JSON.stringify({ Results: [{ TaskExecutionStatus: 'failed', Bucket: bucket }] }),
    );
    await expectNotReadable();
  });

  test('with a key that S3 cannot have is not readable', async () => {
    await put('manifest.json', JSON.stringify({ Results: [resultOf(`${folder}/${'x'.repeat(1024)}`)] }));
    await expectNotReadable();
  });

  test('of more than 32 MiB is not readable', async () => {
    await put('manifest.json', `{"Results": [], "more": "${'x'.repeat(33 * MIB)}"}`);
    await expectNotReadable();
  });
});

describe('a row', () => {
  // A row has at most 1 MiB.
  const long = (length: number) => 'x'.repeat(length);

  test.each([
    ['a line of 2 MiB', long(2 * MIB)],
    ['a line of 2 MiB that ends', `data,${long(2 * MIB)},,failed,404,NoSuchKey,\n`],
    ['a quoted field of 2 MiB', `"${long(2 * MIB)}`],
    ['a bucket of 300 characters', `${long(300)},a,,failed,404,NoSuchKey,gone\n`],
    ['a key of 2 MB', `data,${long(2_000_000)},,failed,404,NoSuchKey,gone\n`],
    ['a key of 4,000 characters', `data,${long(4000)},,failed,404,NoSuchKey,gone\n`],
    ['a version of 2,000 characters', `data,a,${long(2000)},failed,404,NoSuchKey,gone\n`],
    ['a code of 2,000 characters', `data,a,,failed,404,${long(2000)},gone\n`],
  ])('with %s is not readable', async (_, rows) => {
    await putRows(rows);
    await expectNotReadable();
  });

  test('with a message of 200,000 characters is answered with the start of the message', async () => {
    await putRows(`data,a,,failed,404,NoSuchKey,"${'\u0001"""'.repeat(40_000)}${long(40_000)}"\n`.repeat(40));
    const [failures] = await answers();
    expect(failures?.status).toBe(200);
    expect(failures?.body.failures[0].message).toHaveLength(64 * 1024);
    expect(Buffer.byteLength(JSON.stringify({ body: failures?.text }))).toBeLessThan(MAX_ANSWER_BYTES);
  });

  test('of any text is answered with the catalogue, and within the limit of Lambda', async () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('failed', 'succeeded', '404', '"', '""', '\n', '\r\n'),
      fc
        .tuple(fc.constantFrom('x', '"', '\u0001', '€'), fc.integer({ min: 1, max: 5000 }))
        .map(([char, n]) => char.repeat(n)),
    );
    const rows = fc.array(fc.array(cell, { maxLength: 9 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(rows, async (cells) => {
        await putRows(cells.map((row) => row.join(',')).join('\n'));
        for (const { status, text } of await answers()) {
          expect([200, 202, 403, 409]).toContain(status);
          expect(Buffer.byteLength(JSON.stringify({ body: text }))).toBeLessThan(MAX_ANSWER_BYTES);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('that no page wants does not keep a call longer than its limits', async () => {
    // 36 MB; a call reads at most 32 MiB.
    await putRows(`data,a,,failed,404,NoSuchKey,${long(900_000)}\n`.repeat(40));
    const { status, body } = await call(stack, 'GET', `${path}/failures?code=Other`);
    expect([status, body.failures]).toEqual([200, []]);
    expect(body.nextPageToken).not.toBeNull();
  });
});

test('a dry run of a manifest with long keys has an answer that Lambda can return', async () => {
  const rows = `data,${'k'.repeat(700_000)}\n`.repeat(10);
  await stack.s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'm.csv', Body: Buffer.from(rows) }));
  const Manifest = { Location: { ObjectArn: 'arn:aws:s3:::data/m.csv' } };
  const { status, text, body } = await call(stack, 'POST', '/jobs?dryRun=true', {
    body: { Operation: { S3DeleteObjectTagging: {} }, Manifest },
  });
  expect(status).toBe(200);
  expect(Buffer.byteLength(JSON.stringify({ body: text }))).toBeLessThan(MAX_ANSWER_BYTES);
  expect(body).toMatchObject({ wouldStart: false, firstRows: [] });
});
