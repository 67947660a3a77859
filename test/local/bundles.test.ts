import { readdirSync, readFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { expect, test } from '@jest/globals';
import { ensureBundles } from '../../local/bundles.ts';
import { realClock } from '../../local/core/clock.ts';
import { createRandom } from '../../local/core/random.ts';
import { functionArn } from '../../local/lambda/function-name.ts';
import { createLambda } from '../../local/lambda/runner.ts';

test('every function has its bundle, and the same sources are bundled once', async () => {
  const folder = await ensureBundles();
  const functions = readdirSync('functions').filter((file) => file.endsWith('.ts'));
  expect(readdirSync(folder).sort()).toEqual(functions.map((file) => parse(file).name).sort());
  expect(await ensureBundles()).toBe(folder);
});

test('no bundle contains what Lambda never uses: credential providers but that of the environment, event streams', async () => {
  const folder = await ensureBundles();
  const unused = /credential-provider-(?!env\/)|nested-clients|token-providers|\/event-streams\//;
  const found = readdirSync(folder).flatMap((name) => {
    const { sources } = JSON.parse(readFileSync(join(folder, name, 'index.mjs.map'), 'utf8'));
    expect(sources).toContainEqual(expect.stringMatching(`functions/${name}\\.ts$`));
    return sources
      .filter((source: string) => unused.test(source))
      .map((source: string) => `${name}: ${source}`);
  });
  expect(found).toEqual([]);
});

test('a bundle contains the schemas of the calls that its function makes, and no others', async () => {
  const bundle = readFileSync(join(await ensureBundles(), 'get-job/index.mjs'), 'utf8');
  expect(bundle).toContain('/?list-type=2');
  expect(bundle).not.toContain('/?versions');
});

test('the stack trace of a bundled function names the file and the line of its source', async () => {
  const name = 'create-job';
  const lambda = createLambda({
    clock: realClock(),
    random: createRandom('bundles'),
    functions: [
      {
        name,
        arn: functionArn(name),
        file: join(await ensureBundles(), name, 'index.mjs'),
        timeoutSeconds: 10,
        memoryMb: 256,
        environment: { POWERTOOLS_LOG_LEVEL: 'SILENT' },
      },
    ],
  });
  try {
    const { payload, functionError } = await lambda.invoke(name, '{}');
    expect(functionError).toBe('Unhandled');
    const { trace } = JSON.parse(payload) as { trace: string[] };
    expect(trace[1]).toMatch(/\/functions\/[\w/-]+\.ts:\d+:\d+/);
  } finally {
    await lambda.close();
  }
});
