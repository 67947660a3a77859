import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Fault, KnownError } from '../../../functions/core/errors.ts';
import jobChanges from '../../../functions/core/generated/job-changes.mjs';
import { checkedBody } from '../../../functions/core/validators.ts';
import { listQueryOf } from '../../../functions/domain/job/job-list.ts';
import { readJobRequest } from '../../../functions/domain/request/job-request.ts';
import { operationNames } from '../../../functions/domain/request/operation.ts';
import { declaredActions } from '../../../functions/worker/actions.ts';
import { readUserArguments } from '../../../functions/worker/arguments.ts';
import { calls } from '../../../tools/api-calls.ts';

interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  description?: string;
  examples?: string[];
  pattern?: string;
  enum?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
}

const folder = join(import.meta.dirname, '../../../schemas');
const read = (file: string): Schema => JSON.parse(readFileSync(join(folder, file), 'utf8'));
const root = read('job-request.schema.json');
const actionFiles = readdirSync(join(folder, 'actions'));
const actionSchemas = new Map(
  actionFiles.map((file) => [file.replace('.schema.json', ''), read(`actions/${file}`)] as const),
);

/** All members of a body: the names on the way, with 0 for the first entry of a list. */
function membersOf(
  given: Schema,
  path: (string | number)[] = [],
): { path: (string | number)[]; schema: Schema }[] {
  const schema = given.$ref ? (root.$defs?.[given.$ref.replace('#/$defs/', '')] ?? {}) : given;
  return [
    { path, schema },
    ...Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => membersOf(inner, [...path, name])),
    ...(schema.items ? membersOf(schema.items, [...path, 0]) : []),
  ];
}

const bodyOf = (path: readonly (string | number)[], value: unknown): unknown =>
  path.reduceRight((inner, name) => (name === 0 ? [inner] : { [name]: inner }), value);

function faultsOf(work: () => unknown): readonly Fault[] {
  try {
    work();
  } catch (error) {
    if (error instanceof KnownError) return error.faults;
    throw error;
  }
  return [];
}

const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const edit = fc.record({ at: fc.nat(), letter: fc.constantFrom(...letters), kind: fc.nat(3) });

/** The name with one letter more, less, or another one, or with two letters swapped. */
function misspelt(name: string, { at, letter, kind }: { at: number; letter: string; kind: number }): string {
  const i = at % name.length;
  const [before, after] = [name.slice(0, i), name.slice(i + 1)];
  if (kind === 0) return before + letter + name.slice(i);
  if (kind === 1) return before + letter + after;
  if (kind === 2) return before + after;
  return before + after.charAt(0) + name.charAt(i) + after.slice(1);
}

/** Any misspelling of any of the names, each with all names that its schema knows. */
function eachMisspelling<T>(
  cases: readonly { known: readonly string[]; more: T }[],
  check: (typed: string, name: string, more: T) => void,
): void {
  const all = cases.flatMap(({ known, more }) => known.map((name) => ({ known, name, more })));
  fc.assert(
    fc.property(fc.constantFrom(...all), edit, ({ known, name, more }, how) => {
      const typed = misspelt(name, how);
      fc.pre(typed !== '' && !known.includes(typed));
      check(typed, name, more);
    }),
    { numRuns: 300 },
  );
}

const names = (name: string) =>
  expect.stringMatching(new RegExp(`; did you mean .*\`${name.replace('.', '\\.')}\``));

describe('a misspelling of one letter gets the right name:', () => {
  const members = membersOf(root);

  test('of any member of a job request', () => {
    const cases = members.map(({ path, schema }) => ({
      known: Object.keys(schema.properties ?? {}),
      more: path,
    }));
    eachMisspelling(cases, (typed, name, path) => {
      const pointer = `/${[...path, typed].join('/')}`;
      const faults = faultsOf(() => readJobRequest(bodyOf(path, { [typed]: 1 })));
      expect(faults).toContainEqual({ pointer, detail: names(name), code: 'additionalProperties' });
    });
  });

  test('of any value of a list of values', () => {
    const cases = members.map(({ path, schema }) => ({ known: schema.enum ?? [], more: path }));
    eachMisspelling(cases, (typed, name, path) => {
      const faults = faultsOf(() => readJobRequest(bodyOf(path, typed)));
      expect(faults).toContainEqual({ pointer: `/${path.join('/')}`, detail: names(name), code: 'enum' });
    });
  });

  test('of any action and argument of the worker', () => {
    const actions = declaredActions.map(({ name }) => name);
    eachMisspelling([{ known: actions, more: '' }], (action, name) => {
      const read = readUserArguments({ action }, declaredActions, actions);
      expect(read).toEqual({ faults: [{ pointer: '/action', detail: names(name), code: 'enum' }] });
    });
    const cases = [...actionSchemas].map(([more, { properties = {} }]) => ({
      known: Object.keys(properties),
      more,
    }));
    eachMisspelling(cases, (typed, name, action) => {
      fc.pre(typed !== 'action');
      expect(readUserArguments({ action, [typed]: 'x' }, declaredActions, actions)).toMatchObject({
        faults: expect.arrayContaining([
          { pointer: `/${typed}`, detail: names(name), code: 'additionalProperties' },
        ]),
      });
    });
  });

  test('of any query parameter of a list, and of a status and an operation', () => {
    const parameters = [
      'status',
      'pageSize',
      'pageToken',
      'scope',
      'operation',
      'createdAfter',
      'createdBefore',
      'tag',
      'text',
    ];
    eachMisspelling([{ known: parameters, more: '' }], (typed, name) => {
      const [fault] = faultsOf(() => listQueryOf({ [typed]: 'x' }));
      expect(fault).toEqual({ pointer: `?${typed}`, detail: names(name), code: 'query' });
    });
    const values = [
      { known: operationNames, more: { parameter: 'operation', scope: 'own' } },
      {
        known: ['Active', 'Cancelled', 'Complete', 'Failed', 'Suspended'],
        more: { parameter: 'status', scope: 'account' },
      },
    ];
    eachMisspelling(values, (typed, name, { parameter, scope }) => {
      const [fault] = faultsOf(() => listQueryOf({ scope, [parameter]: typed }));
      expect(fault).toEqual({ pointer: `?${parameter}`, detail: names(name), code: 'query' });
    });
  });
});

test.each<[string, unknown, Partial<Fault>]>([
  [
    'an operation with its words in another order',
    { Operation: { S3CopyObject: {} } },
    { pointer: '/Operation/S3CopyObject', detail: 'is not a member here; did you mean `S3PutObjectCopy`?' },
  ],
  [
    'an operation that deletes objects',
    { Operation: { S3DeleteObject: {} } },
    { detail: 'is not an operation of S3; use LambdaInvoke with the worker action `delete-object`' },
  ],
  [
    'a bucket name instead of an ARN',
    { Report: { Bucket: 'my-bucket' } },
    { detail: 'must be the ARN of a bucket, such as arn:aws:s3:::BUCKET, not "my-bucket"' },
  ],
  [
    'a member that is close to none',
    { Manifest: { Location: {}, nothing: 1 } },
    { detail: 'is not a member here; known names: `Spec`, `Location`' },
  ],
  [
    'a bucket name that is too short',
    { Objects: [{ Bucket: 'ab' }] },
    { detail: 'must have at least 3 characters; it has 2' },
  ],
  ['no objects', { Objects: [] }, { detail: 'must have at least 1 entry; it has 0' }],
  ['a text for a number', { Priority: '1' }, { detail: 'must be a whole number, not "1"' }],
  ['a priority that is too low', { Priority: -1 }, { detail: 'must be 0 or more, not -1' }],
  [
    'a notice kind twice',
    { Watch: { Notices: ['final', 'created', 'final'] } },
    { detail: 'must not repeat an entry: entries 1 and 3 are equal' },
  ],
  [
    'a metadata name with a space',
    { Operation: { S3PutObjectCopy: { NewObjectMetadata: { UserMetadata: { 'a b': 'x' } } } } },
    {
      detail: expect.stringMatching(
        /^this name must be a header name .*, such as project, not "a b"$/,
      ) as never,
    },
  ],
])('explains %s', (_, body, fault) => {
  expect(faultsOf(() => readJobRequest(body))).toContainEqual(expect.objectContaining(fault));
});

test('does not speak of starting when a call changes a job', () => {
  expect(() => checkedBody(jobChanges, {})).toThrow('The body has one fault; nothing was done.');
});

test('says what was expected for any value of any member', () => {
  const paths = membersOf(root).map(({ path }) => path);
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
      for (const { detail } of faultsOf(() => readJobRequest(bodyOf(path, value)))) {
        expect(detail).not.toMatch(/is not valid$|must NOT|must match|undefined|\[object/);
        expect(detail.length).toBeLessThan(600);
      }
    }),
  );
});

const patternsOf = (schema: unknown): Schema[] =>
  typeof schema === 'object' && schema !== null
    ? [
        ...(typeof (schema as Schema).pattern === 'string' ? [schema as Schema] : []),
        ...Object.values(schema).flatMap(patternsOf),
      ]
    : [];

test('every pattern of a request body says what the value is, with an example that fits', () => {
  const bodies = [...new Set(Object.values(calls).flatMap(({ body }) => body ?? []))];
  const patterns = [...bodies.map((name) => read(`${name}.schema.json`)), ...actionSchemas.values()].flatMap(
    patternsOf,
  );
  expect(patterns.length).toBeGreaterThan(30);
  for (const { pattern = '', description, examples } of patterns) {
    expect({ pattern, description }).toEqual({
      pattern,
      description: expect.stringMatching(/^(An?|The) .*\.(\s|$)/),
    });
    expect({ pattern, examples }).toEqual({
      pattern,
      examples: [expect.stringMatching(new RegExp(pattern, 'u'))],
    });
  }
});
