import { readdirSync } from 'node:fs';
import { parse } from 'node:path';
import { expect, test } from '@jest/globals';
import { ensureBundles } from '../../local/bundles.ts';

test('every function has its bundle, and the same sources are bundled once', async () => {
  const folder = await ensureBundles();
  const functions = readdirSync('functions').filter((file) => file.endsWith('.ts'));
  expect(readdirSync(folder).sort()).toEqual(functions.map((file) => parse(file).name).sort());
  expect(await ensureBundles()).toBe(folder);
});
