import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Envelope } from '../../local/aws/sns/envelope.ts';

const MAIN = join(import.meta.dirname, '../../local/main.ts');
const BUCKET = 'media';
const TOTAL = 500;

let dataDir: string;
let running: ChildProcess | undefined;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'restart-'));
});
afterEach(async () => {
  await end('SIGKILL');
  rmSync(dataDir, { recursive: true });
});

/** Starts `npm start`'s own command; resolves with its addresses when it prints `ready`. */
async function start(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN, 'start'], {
    env: { ...process.env, PORT: '0', AWS_PORT: '0', DATA_DIR: dataDir, SPEED: '100', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running = child;
  const urls: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^\s+(?:API|AWS)\s+(http:\S+)/.exec(line)?.[1];
    if (url) urls.push(url);
    if (line.startsWith('ready ')) break;
  }
  const [apiUrl = '', awsUrl = ''] = urls;
  const credentials = { accessKeyId: 'tester', secretAccessKey: 'none' };
  return { apiUrl, s3: new S3Client({ endpoint: awsUrl, forcePathStyle: true, credentials }), awsUrl };
}

async function end(signal: NodeJS.Signals) {
  const child = running;
  running = undefined;
  if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode;
  child.kill(signal);
  const [code] = await once(child, 'exit');
  return code;
}

async function until<T>(read: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await read();
    if (found !== undefined) return found;
    await setTimeout(20); // leaves the processor to the started process
  }
}
const get = async <T>(url: string) => (await (await fetch(url)).json()) as T;
interface Resource {
  progress: { failed: number } | null;
  report: { manifestKey: string };
}

test('a job is resumed after kill -9 and ends correctly', async () => {
  const before = await start();
  await before.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const keys = Array.from({ length: TOTAL }, (_, n) => `data/${n}`);
  await Promise.all(
    keys.map((Key) => before.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Key }))),
  );
  const manifest = keys.map((key) => `${BUCKET},${key}\n`).join('');
  await before.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'manifest.csv', Body: manifest }));
  const submitted = await fetch(`${before.apiUrl}/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      // A wrong checksum: every object fails, and its row has the real one.
      Operation: { LambdaInvoke: { UserArguments: { action: 'verify-checksum', sha256: '0'.repeat(64) } } },
      Manifest: { Location: { ObjectArn: `arn:aws:s3:::${BUCKET}/manifest.csv` } },
    }),
  });
  const { jobRequestId } = (await submitted.json()) as { jobRequestId: string };
  const midway = await until(async () => {
    const { progress } = await get<Resource>(`${before.apiUrl}/jobs/${jobRequestId}`);
    return progress && progress.failed > 0 ? progress.failed : undefined;
  });
  await end('SIGKILL');
  expect(midway).toBeLessThan(TOTAL);

  const after = await start();
  const notices = await until(async () => {
    const found = await get<{ notices: Envelope[] }>(`${after.awsUrl}/_bucket-brigade/notices`);
    return found.notices.length > 0 ? found.notices : undefined;
  });
  expect(notices.map(({ Message }) => JSON.parse(Message))).toMatchObject([
    { noticeId: `${jobRequestId}:final`, counts: { total: TOTAL, succeeded: 0, failed: TOTAL } },
  ]);
  const { report } = await get<Resource>(`${after.apiUrl}/jobs/${jobRequestId}`);
  const read = async (Key: string) =>
    (
      await after.s3.send(new GetObjectCommand({ Bucket: 'bucket-brigade-local', Key }))
    ).Body?.transformToString();
  const { Results } = JSON.parse((await read(report.manifestKey)) ?? '');
  const rows = ((await read(Results[0].Key)) ?? '').trim().split('\n');
  expect(rows.map((row) => row.split(',')[1]).sort()).toEqual([...keys].sort());
  expect(rows.every((row) => row.includes('SHA-256 differs'))).toBe(true);
});

test('a stop by signal is clean, and only one stack may use the state', async () => {
  await start();
  const second = spawn(process.execPath, [MAIN, 'start'], {
    env: { ...process.env, PORT: '0', AWS_PORT: '0', DATA_DIR: dataDir },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  second.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  const [code] = await once(second, 'close');
  expect([code, complaint]).toEqual([
    1,
    expect.stringMatching(/^bucket-brigade: another process uses the state in .*; .*\n$/),
  ]);
  expect(await end('SIGTERM')).toBe(0);
});
