import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { S3 } from '@aws-sdk/client-s3';
import { expect, test } from '@jest/globals';
import { startStack } from '../../local/stack.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** The first block of code in a language. */
const example = (language: string) => {
  const page = readFileSync(join(root, 'docs/clients.md'), 'utf8');
  return new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';
};

test('the example for the SDK for JavaScript runs as printed, without any AWS settings', async () => {
  const stack = await startStack();
  try {
    const code = example('js').replace('http://127.0.0.1:4566', stack.awsUrl);
    const options = { cwd: root, env: {} };
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], options);
    expect(stdout).toBe('Complete\n');
    const s3 = new S3({ endpoint: stack.awsUrl, forcePathStyle: true });
    const { TagSet } = await s3.getObjectTagging({ Bucket: 'bucket-brigade-local', Key: 'hello.txt' });
    expect(TagSet).toEqual([{ Key: 'team', Value: 'media' }]);
  } finally {
    await stack.stop();
  }
}, 60_000);
