import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';

const MAIN = join(import.meta.dirname, '../../local/main.ts');
/** The bucket of the soak's objects. */
export const BUCKET = 'soak';

/** `npm start` in a process of its own. */
export interface StackProcess {
  s3: S3Client;
  apiUrl: string;
  /** Resident memory in MB. */
  memory(): number;
  /** kill -9. */
  kill(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export async function startProcess(dataDir: string): Promise<StackProcess> {
  const child = spawn(process.execPath, ['--max-semi-space-size=16', MAIN, 'start'], {
    env: { ...process.env, PORT: '0', AWS_PORT: '0', DATA_DIR: dataDir, SPEED: '100' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  const exit = once(child, 'exit').finally(() => running.delete(child));
  const [apiUrl = '', awsUrl = ''] = await Promise.race([
    addressesOf(child),
    exit.then(([code]) => {
      throw new Error(`npm start ended with ${code}`);
    }),
  ]);
  const credentials = { accessKeyId: 'soak', secretAccessKey: 'none' };
  const s3 = new S3Client({
    endpoint: awsUrl,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials,
    maxAttempts: 1,
  });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET })); // in us-east-1 it may already exist
  return {
    apiUrl,
    s3,
    memory: () =>
      Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)], { encoding: 'utf8' })) / 1024,
    async kill() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

async function addressesOf(child: ChildProcess): Promise<string[]> {
  const urls: string[] = [];
  if (!child.stdout) return urls;
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const url = /^\s+(?:API|AWS)\s+(http:\S+)/.exec(line)?.[1];
    if (url) urls.push(url);
    if (line.startsWith('ready ')) break;
  }
  child.stdout.resume();
  return urls;
}
