import * as S3 from '@aws-sdk/client-s3';
import * as S3Control from '@aws-sdk/client-s3-control';
import * as Sns from '@aws-sdk/client-sns';
import { describe, expect, test } from '@jest/globals';
import { readDocument, tableBelow } from '../support/markdown.ts';
import { callFailing, functionErrors, functionFailing, statusRow } from '../support/outcome-rows.ts';
import { situations } from '../support/outcome-situations.ts';
import { publishingRow, publishingStates } from '../support/publishing-rows.ts';
import { loadWatch } from '../support/watch.ts';

const document = readDocument('docs/outcomes.md');
const run = await loadWatch();
const plain = (cell = '') => cell.replaceAll('`', '');

/** Names of the exceptions in the model of a client. */
const modelled = (client: object, base: new (...options: never[]) => Error): string[] =>
  Object.entries(client).flatMap(([name, value]) => (value.prototype instanceof base ? name : []));

const answering = (name: string, httpStatusCode: number | undefined) =>
  Object.assign(new Error('on demand'), { name, $metadata: { httpStatusCode } });

describe('every status has a correct row', () => {
  const rows = tableBelow(document, 'Statuses of the job');
  const statuses = [...Object.values(S3Control.JobStatus), 'Rehearsing'];

  test.each(statuses)('%s', async (status) => {
    expect(rows).toContainEqual(await statusRow(run, status));
  });

  test('there are no other rows', () => {
    expect(rows).toHaveLength(statuses.length);
  });
});

describe('every error of every call', () => {
  const errors = tableBelow(document, 'Errors of calls').map(([name = '', http, at = '', ours]) => ({
    name: plain(name),
    status: Number(http?.replace('xx', '99')) || undefined,
    services: at.split(', '),
    ours: plain(ours),
  }));
  const outcomes = new Map(
    tableBelow(document, 'What happens then').map(([name, ...cells]) => [plain(name), cells]),
  );
  const calls = ['CreateJob', 'ListJobs', 'DescribeJob', 'GetObject'] as const;
  const serviceOf = (call: (typeof calls)[number]) => (call === 'GetObject' ? 'S3' : 'S3 Control');

  test('in the model of S3 Control has a row', () => {
    const named = errors.filter(({ services }) => services.includes('S3 Control')).map(({ name }) => name);
    expect(
      modelled(S3Control, S3Control.S3ControlServiceException).filter((name) => !named.includes(name)),
    ).toEqual([]);
  });

  const cases = errors.flatMap((error) =>
    calls.filter((call) => error.services.includes(serviceOf(call))).map((call) => ({ ...error, call })),
  );
  test.each(cases)('$name ($status) of $call', async ({ name, status, ours, call }) => {
    const failed = await callFailing(run, call, answering(name, status));
    expect(failed.cell).toBe(outcomes.get(ours)?.[calls.indexOf(call)]);
    // Undefined when the function returned a result for the error.
    expect([ours, undefined]).toContain(failed.error);
  });

  test('in the model of S3 has a row or counts as any other', async () => {
    const others = modelled(S3, S3.S3ServiceException).filter(
      (model) => !errors.some(({ name }) => name === model),
    );
    const cells = new Set<string>();
    for (const name of others) cells.add((await callFailing(run, 'GetObject', answering(name, 400))).cell);
    expect([...cells]).toEqual([outcomes.get('RequestRefused')?.[calls.indexOf('GetObject')]]);
  });

  test('has a cell for each call that can fail with it, and for no other', () => {
    const documented = [...outcomes].flatMap(([ours, cells]) =>
      calls.filter((_, index) => cells[index] !== '–').map((call) => `${ours} of ${call}`),
    );
    const possible = cases.map(({ ours, call }) => `${ours} of ${call}`);
    expect(new Set(documented)).toEqual(new Set(possible));
  });
});

describe('every error of a function', () => {
  const rows = tableBelow(document, 'Functions that fail').map(([name, ...cells]) => ({
    name: plain(name),
    cells,
  }));
  const steps = ['CreateJob', 'DescribeJob', 'SummarizeReport'];

  test('that a state names has a row', () => {
    expect(rows.map(({ name }) => name)).toEqual([...functionErrors(), 'any other']);
  });

  test.each(
    rows.flatMap(({ name, cells }) => cells.map((cell, i) => ({ name, cell, step: steps[i] ?? '' }))),
  )('$name at $step', async ({ name, cell, step }) => {
    const error = name === 'any other' ? 'TypeError' : name;
    expect(await functionFailing(run, step, error)).toEqual({ cell, error });
  });
});

describe('notices that cannot be published', () => {
  const rows = tableBelow(document, 'Notices that cannot be published');

  test.each(publishingStates)('%s, whatever SNS answers', async (state) => {
    const names = [...modelled(Sns, Sns.SNSServiceException), 'Throttling', 'ECONNRESET'];
    let answers = 0;
    const refuse = () =>
      Promise.reject(Object.assign(new Error('on demand'), { name: names[answers++ % names.length] }));
    expect(rows).toContainEqual(await publishingRow(run, state, refuse));
  });

  test('have no other states', () => {
    expect(rows.map(([state]) => plain(state))).toEqual(publishingStates);
  });
});

describe('times and ends', () => {
  const rows = tableBelow(document, 'Times and ends');

  test.each(Object.entries(situations))('%s', async (situation, happens) => {
    expect(rows).toContainEqual([situation, await happens(run)]);
  });

  test('have no other rows', () => {
    const elsewhere = rows.filter(([, then]) => then?.startsWith('`announce-stopped-watch`'));
    expect(rows.length - elsewhere.length).toBe(Object.keys(situations).length);
  });
});
