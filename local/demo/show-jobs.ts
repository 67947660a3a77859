import type { Envelope } from '../aws/sns/envelope.ts';
import { realClock } from '../core/clock.ts';
import type { Stack } from '../stack.ts';
import { createDemoBucket } from './bucket.ts';
import { type Check, checksOf, type Trace } from './checks.ts';
import type { SourceFile } from './files.ts';
import { createJobApi } from './job-api.ts';
import { hasEnded, isSuspended, type Stage, startRun } from './run.ts';
import type { Screen } from './screen.ts';

const TAGS = [
  { Key: 'brigade', Value: 'demo' },
  { Key: 'origin', Value: 'npm' },
];
const CORRUPTED_FILES = 5;

export interface Scene {
  stack: Stack;
  files: readonly SourceFile[];
  /** Grows as notices arrive. */
  notices: readonly Envelope[];
  screen: Screen;
}

/** Runs the three jobs over HTTP, shows their progress, and resolves with whether all checks passed. */
export async function showJobs({ stack, files, notices, screen }: Scene): Promise<boolean> {
  const bucket = createDemoBucket(stack.awsUrl);
  const stage = { api: createJobApi(stack.apiUrl), bucket, screen, clock: realClock(), notices };
  const corrupted = chooseCorrupted(files);
  const checksums = await upload(files, corrupted, stage);
  const Manifest = { Location: { ObjectArn: await bucket.writeManifest(files) } };
  const start = (title: string, Operation: object, more: object = {}) =>
    startRun(title, { Operation, Manifest, Description: title, ...more }, stage);

  const tag = await start('tag', { S3PutObjectTagging: { TagSet: TAGS } });
  const verify = await start('verify checksums', {
    LambdaInvoke: { UserArguments: { action: 'verify-checksum' } },
  });
  const untag = await start('delete the tags', { S3DeleteObjectTagging: {} }, { ConfirmationRequired: true });

  const verified = verify.until(hasEnded);
  await Promise.all([tag.until(hasEnded), untag.until(isSuspended)]);
  const taggedBefore = await bucket.countTagged(files, TAGS);
  await untag.confirm();
  await Promise.all([untag.until(hasEnded), verified]);
  const untaggedAfter = await bucket.countTagged(files, []);

  const traces = { tag: await tag.trace(), verify: await verify.trace(), untag: await untag.trace() };
  screen.settle();
  showFailures(traces.verify, screen);
  return showChecks(checksOf({ checksums, corrupted, ...traces, taggedBefore, untaggedAfter }), screen);
}

/** Chooses some files at regular distances; the bytes of their objects will differ from their checksum. */
function chooseCorrupted(files: readonly SourceFile[]): Set<string> {
  const step = Math.max(1, Math.floor(files.length / CORRUPTED_FILES));
  const chosen = files.filter((_, i) => i % step === Math.floor(step / 2)).slice(0, CORRUPTED_FILES);
  return new Set(chosen.map(({ key }) => key));
}

async function upload(
  files: readonly SourceFile[],
  corrupted: ReadonlySet<string>,
  { bucket, screen }: Stage,
) {
  const show = screen.bar('upload');
  const total = files.length;
  const checksums = await bucket.upload(files, corrupted, (done) => {
    if (done % 50 === 0) show({ status: 'Uploading', done, failed: 0, total });
  });
  show({ status: 'Uploaded', done: total, failed: 0, total });
  screen.line(`  ${corrupted.size} objects are corrupted on purpose: their bytes differ from their checksum`);
  return checksums;
}

function showFailures({ rows }: Trace, { line, style }: Screen): void {
  line(`\nFailed objects in the completion report of ${style('bold', 'verify checksums')}:`);
  for (const { key, message } of rows.filter(({ status }) => status === 'failed'))
    line(`  ${style('red', key)}\n    ${style('dim', message)}`);
}

function showChecks(checks: readonly Check[], { line, style }: Screen): boolean {
  line('\nChecks, through the AWS SDK and in the reports:');
  for (const { claim, holds } of checks)
    line(`  ${holds ? style('green', '✓') : style('red', '✗ FAILED:')} ${claim}`);
  const isCorrect = checks.every(({ holds }) => holds);
  const seconds = (performance.now() / 1000).toFixed(1);
  line(
    isCorrect
      ? style('green', `\nAll checks passed after ${seconds} s.`)
      : style('red', '\nSome checks failed.'),
  );
  return isCorrect;
}
