import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { catalogue, KnownError } from '../../functions/core/errors.ts';
import { eventHandler } from '../../functions/core/event-handler.ts';
import { problemResponse } from '../../functions/http/problem-response.ts';
import { errorRows } from '../../tools/error-rows.ts';
import { findingRows } from '../../tools/finding-rows.ts';
import { gatewayAnswers } from '../../tools/openapi-problems.ts';

const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');

test('docs/errors.md has exactly the rows of the catalogue', () => {
  const rows = read('docs/errors.md')
    .split('\n')
    .filter((line) => /^\| `/.test(line));
  expect(rows).toEqual(errorRows());
});

test('docs/errors.md and the contract list the same answers of API Gateway', () => {
  const rows = [...read('docs/errors.md').matchAll(/^\| (\d{3}) \| `([^`]+)` \|/gm)];
  expect(Object.fromEntries(rows.map(([, status, message]) => [status, message]))).toEqual({
    ...gatewayAnswers,
    404: 'Not Found',
  });
});

test('docs/dry-run.md has exactly the rows of the findings', () => {
  const rows = read('docs/dry-run.md')
    .split('\n')
    .filter((line) => /^\| `[a-z]/.test(line));
  expect(rows).toEqual(findingRows());
});

test('every error of the catalogue is answered with its status, code and remedy', () => {
  for (const [code, row] of Object.entries(catalogue)) {
    const response = problemResponse(new KnownError(code as keyof typeof catalogue, 'because'), 'request-1');
    expect(response.statusCode).toBe(row.status);
    expect(response.headers?.['content-type']).toBe('application/problem+json');
    expect(JSON.parse(response.body ?? '')).toMatchObject({
      code,
      status: row.status,
      remedy: row.remedy,
      detail: 'because',
      requestId: 'request-1',
    });
  }
});

test('an error outside the catalogue is answered with 500 and without its message', () => {
  const response = problemResponse(new TypeError('secret detail'), 'request-1');
  expect(response.statusCode).toBe(500);
  expect(response.body).not.toContain('secret');
});

test('the state machine names only errors of the catalogue, of Lambda or of Step Functions', () => {
  const names = [...read('statemachines/job.asl.json').matchAll(/"ErrorEquals": \[([^\]]*)\]/g)].flatMap(
    (m) => [...(m[1] ?? '').matchAll(/"([^"]+)"/g)].map((name) => name[1] ?? ''),
  );
  const foreign = names.filter(
    (name) => !(name in catalogue) && !/^(Lambda|States|Sandbox|Runtime)\./.test(name),
  );
  expect(names.length).toBeGreaterThan(10);
  expect(foreign).toEqual([]);
});

test('a function that is out of time throws no error that the state machine does not know', async () => {
  const handler = eventHandler(async () => {
    await null; // lets middy start its own timer
    return new Promise((resolve) => setTimeout(resolve, 1, 'done'));
  });
  const context = { getRemainingTimeInMillis: () => 0 } as Parameters<typeof handler>[1];
  expect(await handler({}, context)).toBe('done');
});
