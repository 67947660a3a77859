import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as S3 from '@aws-sdk/client-s3';
import * as S3Control from '@aws-sdk/client-s3-control';
import * as SecretsManager from '@aws-sdk/client-secrets-manager';
import * as Sfn from '@aws-sdk/client-sfn';
import * as Sns from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as choices from '../../local/batch/unconfirmed.ts';
import { loadMachine } from '../../local/states/definition/load-machine.ts';
import { callAll, type Refusal } from '../support/call-all.ts';
import { startServices } from '../support/services.ts';
import { callWire, wireRequest } from '../support/wire.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/local.md'), 'utf8');

/** The text from a heading to the next one. */
const sectionOf = (heading: string): string =>
  page.split(/^#{1,4} /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';

/** The rows of the table below a heading, each as its cells. */
function tableOf(heading: string): string[][] {
  const rows = sectionOf(heading)
    .split('\n')
    .filter((line) => line.startsWith('| '));
  return rows.slice(1).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const namesIn = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
const listed = (heading: string) => tableOf(heading).flatMap(([first]) => namesIn(first));

let stack: Awaited<ReturnType<typeof startServices>>;
beforeAll(async () => {
  stack = await startServices();
});
afterAll(() => stack.stop());

describe('each action is in the table of its service, or is refused with its name:', () => {
  test.each([
    ['S3', S3, () => stack.s3, 'NotImplemented', 501],
    ['S3 Control', S3Control, () => stack.s3control, 'NotImplemented', 501],
    ['Step Functions', Sfn, () => stack.states, 'UnknownOperationException', 400],
    ['Secrets Manager', SecretsManager, () => stack.secrets, 'UnknownOperationException', 400],
    ['SNS', Sns, () => stack.sns, 'InvalidAction', 400],
  ] as const)('%s', async (heading, model, client, code, status) => {
    const answers = await callAll(model, client());
    const isRefused = (refusal?: Refusal) => refusal?.name === code && refusal.status === status;
    const done = [...answers].filter(([, refusal]) => !isRefused(refusal)).map(([name]) => name);
    expect(listed(heading).sort()).toEqual(done.sort());
    for (const [name, refusal] of answers)
      if (refusal && isRefused(refusal)) expect(refusal.message).toMatch(new RegExp(`\\b${name}\\b`));
  });

  test('SQS', async () => {
    const actions =
      'AddPermission CancelMessageMoveTask ChangeMessageVisibility ChangeMessageVisibilityBatch CreateQueue DeleteMessage DeleteMessageBatch DeleteQueue GetQueueAttributes GetQueueUrl ListDeadLetterSourceQueues ListMessageMoveTasks ListQueueTags ListQueues PurgeQueue ReceiveMessage RemovePermission SendMessage SendMessageBatch SetQueueAttributes StartMessageMoveTask TagQueue UntagQueue';
    const done: string[] = [];
    for (const action of actions.split(' ')) {
      const headers = {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `AmazonSQS.${action}`,
      };
      const { text } = await callWire(stack.aws, wireRequest('POST', '/', { headers, body: '{}' }));
      if (!text.includes(`Unknown action: ${action}`)) done.push(action);
    }
    expect(listed('SQS').sort()).toEqual(done);
  });
});

describe('the operations of jobs', () => {
  test('are those of the SDK, one row each', () => {
    expect(listed('Operations').sort()).toEqual(Object.keys(S3Control.OperationName).sort());
  });

  test('list only error codes that the program has', () => {
    const files = readdirSync(join(root, 'local'), { recursive: true, withFileTypes: true });
    const program = files
      .filter((file) => file.isFile() && file.name.endsWith('.ts'))
      .map((file) => readFileSync(join(file.parentPath, file.name), 'utf8'))
      .join('\n');
    const codes = tableOf('Operations').flatMap(([, , , cell]) => namesIn(cell));
    expect(codes.length).toBeGreaterThan(30);
    expect(codes.filter((code) => !program.includes(`'${code}`))).toEqual([]);
  });
});

describe('our choices where AWS is silent', () => {
  const rows = new Map(tableOf('Our choices where AWS is silent').map(([name, chosen]) => [name, chosen]));
  const leaves = (value: unknown): unknown[] =>
    typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value];

  test('have one row each, and there is no other row', () => {
    expect([...rows.keys()].sort()).toEqual(
      Object.keys(choices)
        .map((name) => `\`${name}\``)
        .sort(),
    );
  });

  test.each(Object.entries(choices).filter(([, choice]) => typeof choice !== 'function'))(
    'the row of %s has its values',
    (name, choice) => {
      const values = leaves(choice).filter((leaf) => typeof leaf !== 'function');
      const text = rows.get(`\`${name}\``)?.replaceAll(/(\d),(\d{3})/g, '$1$2');
      for (const value of values) expect(text).toContain(JSON.stringify(value).replaceAll(/^"|"$/g, ''));
    },
  );
});

test('the page lists the choices in the structure of the code as the code does', () => {
  const entriesOf = (text: string, mark: string) =>
    text
      .split(mark)
      .slice(1)
      .map((entry) => entry.replaceAll(/\s+(\* +)?/g, ' ').trim());
  const program = readFileSync(join(root, 'local/batch/unconfirmed.ts'), 'utf8');
  const [, named = ''] = /structure of the code:\n([\s\S]*?)\n \*\//.exec(program) ?? [];
  expect(named).not.toBe('');
  expect(entriesOf(sectionOf('Choices in the structure of the code'), '\n- ')).toEqual(
    entriesOf(`\n${named}`, '\n * - '),
  );
});

describe('the Amazon States Language', () => {
  const OF_EVERY_STATE = ['Type', 'Comment', 'QueryLanguage'];
  const unknown = { Unknown: 1 };

  /** The known names in the interpreter's error about an unknown one. */
  function knownTo(machine: object): string[] {
    try {
      loadMachine('test', JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'State', ...machine }));
    } catch (error) {
      return /known are (.*)$/.exec(String(error))?.[1]?.split(', ') ?? [];
    }
    return [];
  }
  const knownOf = (state: object) => knownTo({ States: { State: state } });
  const task = {
    Type: 'Task',
    Resource: 'arn:aws:lambda:us-east-1:000000000000:function:test',
    End: true,
  };
  const parts = new Map([
    ['the machine', knownTo({ States: {}, ...unknown })],
    ['a rule of Choice', knownOf({ Type: 'Choice', Choices: [unknown] })],
    ['a retrier of Task', knownOf({ ...task, Retry: [unknown] })],
    ['a catcher of Task', knownOf({ ...task, Catch: [unknown] })],
    ...knownOf({ Type: 'Unknown' }).map(
      (Type) =>
        [
          `\`${Type}\``,
          knownOf({ Type, ...unknown }).filter((field) => !OF_EVERY_STATE.includes(field)),
        ] as const,
    ),
  ]);

  test('has exactly the states and fields of the table', () => {
    const table = tableOf('The Amazon States Language').map(([part = '', fields]) => [part, namesIn(fields)]);
    expect(new Map(table as [string, string[]][])).toEqual(parts);
  });
});
