/**
 * Rehearses a deployment on MiniStack, with IAM enforced: deploys the stack with the framework, runs jobs through its API,
 * and removes it. Each negative control takes one grant away, and a check must then fail because of it.
 *
 *   node .ci/rehearse/main.ts PYTHON [--full]     # PYTHON has ministack installed
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import {
  abortedExecution,
  acceptWorkerJob,
  automaticRetry,
  BUCKET,
  badTokens,
  type Check,
  cancellation,
  confirmation,
  failures,
  mainJob,
  OBJECTS,
  rows,
  scheduled,
  strangers,
  watchfulness,
  workerAction,
} from './checks.ts';
import { startEmulator } from './emulator.ts';
import { startIssuer } from './issuer.ts';
import { type Caller, findStack, type Stack } from './stack.ts';

const [python = 'python3', mode] = process.argv.slice(2);
const isFull = mode === '--full';
const folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-rehearsal-'));
const emulator = await startEmulator(python, folder);
const { denied } = emulator;

/** Role, grant, and a check that needs it. */
type Control = [role: string, action: string, check: Check];
const controls: Control[] = [
  ['SubmitJobRole', 'states:StartExecution', mainJob],
  ['CreateJobRole', 's3:CreateJob', mainJob],
  ['CreateJobRole', 'iam:PassRole', mainJob],
  ['BatchRole', 's3:PutObjectTagging', mainJob],
  ['WorkerRole', 's3:PutObject', workerAction(1)],
];
const fullControls: Control[] = [
  ['CreateJobRole', 's3:PutJobTagging', mainJob],
  ['DescribeJobRole', 's3:DescribeJob', mainJob],
  ['SummarizeReportRole', 's3:GetObject', failures],
  ['ListResultsRole', 's3:GetObject', rows],
  ['SubmitJobRole', 's3:PutObject', failures],
  ['SubmitJobRole', 's3:GetObject', rows],
  ['ConfirmJobRole', 's3:UpdateJobStatus', confirmation],
  ['CancelJobRole', 'states:StopExecution', scheduled],
  ['StartRetryRole', 'states:StartExecution', automaticRetry],
  ['BatchRole', 'lambda:InvokeFunction', workerAction(1)],
  ['AnnounceStoppedWatchRole', 'sns:Publish', abortedExecution],
];

async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  console.log(`${((performance.now() - start) / 1000).toFixed(1).padStart(6)} s  ${title}`);
  return result;
}

/** Runs the check. If it fails, the error also names what IAM denied meanwhile. */
async function run(check: Check, stack: Stack, caller: Caller): Promise<void> {
  denied.clear();
  try {
    await check(stack, caller);
  } catch (error) {
    const calls = [...denied].map((call) => `\n  denied: ${call}`).join('');
    throw new Error(`${(error as Error).message}${calls}`, { cause: error });
  }
  assert.deepEqual([...denied], [], 'IAM denied calls although the check passed');
}

/** Without the grant the check must fail, and its error must name what IAM denied. */
async function control(role: string, action: string, check: Check, stack: Stack, caller: Caller) {
  const wrong = `without ${action}, ${role} must fail because of it`;
  await stack.without(role, action, () =>
    assert.rejects(
      run(check, stack, caller),
      ({ message }: Error) => {
        const call = [...denied].find((one) => one.includes(`-${role}-`) && one.includes(` ${action} `));
        assert.ok(call && message.includes(call), `${wrong}, found: ${message}`);
        return true;
      },
      wrong,
    ),
  );
}

async function rehearse(): Promise<void> {
  await step('serverless deploy', () => emulator.serverless('deploy'));
  const s3 = new S3Client({ ...emulator.aws, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const stack = await findStack(emulator, 'dev');
  for (const key of OBJECTS) await stack.put(BUCKET, key, 'text');
  const caller = await stack.makeUser('caller', ['execute-api:Invoke']);
  const check = (title: string, one: Check) => step(title, () => run(one, stack, caller));
  await check('strangers are refused', strangers);
  await check('a job tags objects, and its notice arrives in a queue', mainJob);
  await check('a job waits for its confirmation', confirmation);
  await check('a job is cancelled', cancellation);
  await check('a request is cancelled before its start', scheduled);
  await check('a failed object is retried without a call', automaticRetry);
  await check('a failed object is listed, and retried', failures);
  await check('a canary runs, then its rest, then a job on what succeeded', rows);
  await check('a job calls the version of the worker that was deployed', workerAction(1));
  for (const [role, action, one] of isFull ? [...controls, ...fullControls] : controls)
    await step(`fails without ${action} of ${role}`, () => control(role, action, one, stack, caller));
  if (isFull) {
    await check('alarms and queues are there', watchfulness);
    await check('an execution is stopped, and announced', abortedExecution);
    await update(stack, caller);
    await secondStage();
  }
  const bucket = stack.outputs['StackBucketName'] ?? '';
  await step('serverless remove', () => emulator.serverless('remove'));
  assert.deepEqual([await stack.exists(), await stack.bucketExists(bucket)], [false, true]);
}

async function update(stack: Stack, caller: Caller): Promise<void> {
  const same = await step('serverless deploy, without a change', () => emulator.serverless('deploy'));
  assert.match(same, /No changes to deploy/);
  const accepted = await acceptWorkerJob(stack, caller, 1);
  const change = '--param=workerActions=delete-object';
  await step('serverless deploy, with another parameter', () => emulator.serverless('deploy', change));
  await step('a job that was accepted before calls the worker of then', () => run(accepted, stack, caller));
  await step('a new job calls the new worker', () => run(workerAction(2), stack, caller));
}

async function secondStage(): Promise<void> {
  const issuer = await startIssuer(emulator.tls);
  const claims = { aud: 'jobs-api', sub: 'somebody', scope: 'jobs' };
  const params = ['auth=jwt', `jwtIssuer=${issuer.url}`, 'jwtAudience=jobs-api', 'tenancy=claim:sub'];
  const args = ['--stage', 'second', ...params.map((one) => `--param=${one}`)];
  await step('serverless deploy, a second stage with JWT', () => emulator.serverless('deploy', ...args));
  const stack = await findStack(emulator, 'second');
  const refused = {
    'not.a.token': 401,
    [issuer.token({ ...claims, aud: 'another' })]: 401,
    [issuer.token({ ...claims, scope: 'else' })]: 403,
  };
  await step('other tokens are refused', () => run(badTokens(refused), stack, undefined));
  await step('a token starts a job', () => run(mainJob, stack, { token: issuer.token(claims) }));
  await step('serverless remove, the second stage', () => emulator.serverless('remove', ...args));
  assert.equal(await stack.exists(), false);
  issuer.close();
}

try {
  await rehearse();
} catch (error) {
  console.error(error);
  console.error(readFileSync(join(folder, 'ministack.log'), 'utf8').split('\n').slice(-40).join('\n'));
  process.exitCode = 1;
} finally {
  await emulator.stop();
  rmSync(folder, { recursive: true, force: true });
}
