import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as s3control from '@aws-sdk/client-s3-control';
import { expect, test } from '@jest/globals';
import { NormalizedSchema } from '@smithy/core/schema';
import { timestampPaths } from '../functions/core/generated/job-request-timestamps.ts';
import { calls } from '../tools/api-calls.ts';

interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  properties?: Record<string, Schema>;
  items?: Schema;
}

const schema: Schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '../schemas/job-request.schema.json'), 'utf8'),
);
const deref = (s: Schema): Schema => (s.$ref ? (schema.$defs?.[s.$ref.replace('#/$defs/', '')] ?? {}) : s);

function ourPaths(at: Schema, path = ''): string[] {
  const { properties, items } = deref(at);
  if (items) return ourPaths(items, `${path}/*`);
  return Object.entries(properties ?? {}).flatMap(([name, member]) => [
    `${path}/${name}`,
    ...ourPaths(member, `${path}/${name}`),
  ]);
}

interface SdkSchema {
  isStructSchema(): boolean;
  isListSchema(): boolean;
  isTimestampSchema(): boolean;
  getValueSchema(): SdkSchema;
  structIterator(): Iterable<[string, SdkSchema]>;
}

function sdkPaths(at: SdkSchema, path = ''): { path: string; isTimestamp: boolean }[] {
  if (at.isListSchema()) return sdkPaths(at.getValueSchema(), `${path}/*`);
  if (!at.isStructSchema()) return [];
  return [...at.structIterator()].flatMap(([name, member]) => [
    { path: `${path}/${name}`, isTimestamp: member.isTimestampSchema() },
    ...sdkPaths(member, `${path}/${name}`),
  ]);
}

const model = sdkPaths(NormalizedSchema.of(s3control.CreateJobRequest$) as unknown as SdkSchema);

test('the job request has every member of the SDK’s CreateJob, and only members of ours beside them', () => {
  const ours = ourPaths(schema).filter(
    (path) => !/^\/(Objects|RowsOf|MaxObjects|StartAt|Limits|Retry|Watch)/.test(path),
  );
  expect(ours.sort()).toEqual(model.map(({ path }) => path).sort());
});

test('every timestamp of the SDK’s model becomes a Date, and nothing else', () => {
  // StartAt is not sent to S3.
  expect(timestampPaths.filter((path) => path !== '/StartAt').sort()).toEqual(
    model
      .filter(({ isTimestamp }) => isTimestamp)
      .map(({ path }) => path)
      .sort(),
  );
});

test('every object of the schema is closed, every string and number bounded or listed', () => {
  const open: string[] = [];
  const visit = (value: unknown, at: string): void => {
    if (value === null || typeof value !== 'object') return;
    const node = value as Record<string, unknown>;
    if (node['type'] === 'object' && node['additionalProperties'] === undefined) open.push(at);
    if (node['type'] === 'string' && !node['enum'] && !node['pattern'] && node['maxLength'] === undefined)
      open.push(at);
    if (node['type'] === 'integer' && node['minimum'] === undefined) open.push(at);
    for (const [name, inner] of Object.entries(node)) visit(inner, `${at}/${name}`);
  };
  visit(schema, '');
  expect(open).toEqual([]);
});

const generated = join(import.meta.dirname, '../functions/core/generated');
const generatedFiles = readdirSync(generated);

test('each type is declared in one generated file', () => {
  const declared = generatedFiles
    .filter((file) => file.endsWith('.d.mts'))
    .flatMap((file) =>
      [...readFileSync(join(generated, file), 'utf8').matchAll(/^export (?:interface|type) (\w+)/gm)].map(
        ([, type]) => type,
      ),
    );
  expect(declared.filter((type, index) => declared.indexOf(type) !== index)).toEqual([]);
  expect(declared).toEqual(expect.arrayContaining(['JobRequest', 'Manifest', 'Finding', 'FailureReason']));
});

test('a validator is generated for each body of a request, and for nothing else', () => {
  const bodies = Object.values(calls).flatMap(({ body }) => body ?? []);
  const validators = generatedFiles.filter((file) => file.endsWith('.mjs')).map((file) => file.slice(0, -4));
  expect(validators.sort()).toEqual([...new Set(bodies)].sort());
});
