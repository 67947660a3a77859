import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { loadMachine } from '../../../local/states/definition/load-machine.ts';
import { functionArn } from '../../support/states.ts';

test('the interpreter supports the whole job machine', () => {
  const text = readFileSync('statemachines/job.asl.json', 'utf8');
  const definition = text
    .replace(/\$\{(\w+?)(FunctionArn|Arn)\}/g, (_, name: string) => functionArn(name))
    .replaceAll('$' + '{PublishResource}', 'arn:aws:states:::sns:publish');
  expect(loadMachine('job', definition).states.size).toBeGreaterThan(5);
});
