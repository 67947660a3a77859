/** MiniStack with IAM enforced, as an AWS account for the framework and for the checks. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { setDefaultCACertificates } from 'node:tls';
import { selfSigned } from '../../test/support/certificate.ts';
import { type AwsConfig, startBatchOperations } from './batch.ts';

const root = join(import.meta.dirname, '../..');
/** MiniStack takes this key for the root of the account. Nothing checks its secret. */
const ROOT_KEY = 'test';
const START_MS = 30_000;

export interface Emulator {
  tls: { key: string; cert: string };
  aws: AwsConfig;
  /** Calls of roles that MiniStack has denied: `bucket-brigade-dev-CreateJobRole-1 s3:CreateJob *`. */
  denied: Set<string>;
  /** Runs a command of the framework. Throws with its output when it fails. */
  serverless(...args: string[]): Promise<string>;
  /** Ends MiniStack and every function that it has started. */
  stop(): Promise<void>;
}

/** Nothing of the caller's AWS settings and proxies. */
const inherited = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^AWS_|proxy$/i.test(name)));

export async function startEmulator(python: string, folder: string): Promise<Emulator> {
  const port = await freePort();
  // The policies of topics and buckets deny what is not TLS.
  const { key, cert } = selfSigned('127.0.0.1');
  const keyFile = join(folder, 'key.pem');
  const certFile = join(folder, 'cert.pem');
  writeFileSync(keyFile, key);
  writeFileSync(certFile, cert);
  setDefaultCACertificates([cert]);
  const trust = { NODE_EXTRA_CA_CERTS: certFile, SSL_CERT_FILE: certFile };
  const endpoint = `https://127.0.0.1:${port}`;
  const aws: AwsConfig = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: ROOT_KEY, secretAccessKey: ROOT_KEY },
  };
  const log = createWriteStream(join(folder, 'ministack.log'));
  const control = await startBatchOperations(
    () => aws,
    (line) => log.write(`${line}\n`),
  );
  // In a process group of its own, which it ends when its standard input ends: also when this process is killed.
  const child = spawn(python, [join(import.meta.dirname, 'emulator.py')], {
    cwd: folder,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...inherited(),
      AUTH: 'true',
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: 'localhost',
      USE_SSL: '1',
      MINISTACK_SSL_CERT: certFile,
      MINISTACK_SSL_KEY: keyFile,
      GATEWAY_PORT: String(port),
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      LAMBDA_EXECUTOR: 'local',
      SFN_WAIT_SCALE: '0.02', // of the waits of executions
      TMPDIR: folder,
      S3_CONTROL: `http://127.0.0.1:${control.port}`,
      ...trust,
    },
  });
  const denied = new Set<string>();
  child.stderr.pipe(log);
  createInterface(child.stdout).on('line', (line) => {
    const [, call] = /^denied (.+)/.exec(line) ?? [];
    if (call) denied.add(call);
  });
  const ended = once(child, 'close');
  for (const end = Date.now() + START_MS; !(await answers(`${endpoint}/_ministack/health`)); await sleep(100))
    if (child.exitCode !== null || Date.now() > end)
      throw new Error(`MiniStack did not start: ${readFileSync(join(folder, 'ministack.log'), 'utf8')}`);

  return {
    aws,
    denied,
    tls: { key, cert },
    serverless: (...args) => serverless(aws, args, trust),
    async stop() {
      child.stdin.end();
      await ended;
      await control.close();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

const answers = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

async function serverless(
  { endpoint, credentials }: AwsConfig,
  args: string[],
  trust: object,
): Promise<string> {
  const child = spawn(process.execPath, ['node_modules/serverless/bin/serverless.js', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...inherited(),
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      ...trust,
      SLS_AWS_MONITORING_FREQUENCY: '200', // milliseconds between polls
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`serverless ${args.join(' ')} ended with ${code}:\n${output}`);
  return output;
}
