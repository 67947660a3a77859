import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  hasMarkOf,
  jobRequestIdOf,
  requestHashOf,
  tenantHashOf,
} from '../../../../functions/domain/request/job-request-id.ts';

test('a tenant and a key always have the same id, valid as an execution name and a client token', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (tenant, key) => {
      const id = jobRequestIdOf(tenant, { key });
      expect(id).toBe(jobRequestIdOf(tenant, { key }));
      expect(id).toMatch(/^[0-9a-f]{20}-[0-9a-f]{32}$/);
      expect(hasMarkOf(tenantHashOf(tenant), id)).toBe(true);
    }),
  );
});

test('another tenant, another key, and a request id with the text of the key each give another id', () => {
  const id = jobRequestIdOf('a', { key: 'k' });
  expect(jobRequestIdOf('b', { key: 'k' })).not.toBe(id);
  expect(jobRequestIdOf('a', { key: 'l' })).not.toBe(id);
  expect(jobRequestIdOf('a', { requestId: 'k' })).not.toBe(id);
  expect(hasMarkOf(tenantHashOf('b'), id)).toBe(false);
});

test.each(['', 'x', '../../etc', `${'0'.repeat(20)}-${'g'.repeat(32)}`])('no tenant owns the id %j', (id) => {
  expect(hasMarkOf(tenantHashOf('a'), id)).toBe(false);
});

test('the request hash ignores the order of members and white space', () => {
  expect(requestHashOf({ a: 1, b: { c: [1, 2], d: 2 } })).toBe(
    requestHashOf({ b: { d: 2, c: [1, 2] }, a: 1 }),
  );
  expect(requestHashOf({ a: [1, 2] })).not.toBe(requestHashOf({ a: [2, 1] }));
});
