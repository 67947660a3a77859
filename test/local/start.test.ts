import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@jest/globals';
import { welcome } from '../../local/start.ts';

const stack = { apiUrl: 'http://localhost:3000', awsUrl: 'http://localhost:4566' };
const textOf = (speed: number) => stripVTControlCharacters(welcome(stack, { dataDir: '.local', speed }));

test('the banner says when the notice comes, and how to shorten the waits', () => {
  expect(textOf(1)).toContain(
    'The notice comes after about 15 s. With `SPEED=60 npm start`, waits are 60 times shorter.',
  );
  expect(textOf(5)).toContain('The notice comes after about 3 s. (SPEED=5)');
  expect(textOf(100)).toContain('after about 1 s.');
});
