import { describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { catalogue } from '../functions/core/errors.ts';
import openapi from '../functions/core/generated/openapi.json' with { type: 'json' };
import { calls } from '../tools/api-calls.ts';
import { checkContract } from './support/contract.ts';

test('the contract is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  expect(await validator.validate(structuredClone(openapi))).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
});

test('every operation has a unique id and is behind both authorizers', () => {
  const operations = Object.values(openapi.paths).flatMap((path) => Object.values<Operation>(path));
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(Object.keys(calls).length);
  for (const { security } of operations) expect(security).toEqual([{ iam: [] }, { jwt: ['jobs'] }]);
});

interface Operation {
  operationId: string;
  security: object[];
}

test('every error of the catalogue belongs to a call', () => {
  const listed = new Set(Object.values(calls).flatMap(({ problems }) => problems as string[]));
  expect(Object.keys(catalogue).filter((code) => !listed.has(code))).toEqual([]);
});

describe('an answer that the contract does not describe is found:', () => {
  const problem = {
    type: 'urn:bucket-brigade:problem:JobRequestNotFound',
    title: 'x',
    status: 404,
    detail: 'x',
    code: 'JobRequestNotFound',
    remedy: 'x',
    requestId: 'x',
  };
  const type = { 'content-type': 'application/problem+json' };
  test('an answer that the contract describes passes', async () => {
    await checkContract('GET', '/jobs/x', { status: 404, headers: type, body: problem });
  });
  test.each([
    ['a status', 'GET', '/health', { status: 201, headers: {}, body: {} }],
    ['a header', 'GET', '/health', { status: 200, headers: { x: '' }, body: { status: 'up', version: '1' } }],
    ['a member', 'GET', '/health', { status: 200, headers: {}, body: { status: 'up', version: '1', x: 1 } }],
    ['a missing member', 'GET', '/health', { status: 200, headers: {}, body: { status: 'up' } }],
    ['a problem', 'GET', '/jobs', { status: 404, headers: type, body: problem }],
    ['a problem’s status', 'GET', '/jobs/x', { status: 422, headers: type, body: problem }],
  ])('%s', async (_, method, path, answer) => {
    await expect(checkContract(method, path, answer)).rejects.toThrow('does not match the contract');
  });
});
