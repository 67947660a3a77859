import { expect, test } from '@jest/globals';
import { tenantOf } from '../../../../functions/domain/request/tenant.ts';

const session = 'arn:aws:sts::123456789012:assumed-role/team/ops/session-1';

test('a deployment is one tenant by default', () => {
  expect(tenantOf('deployment', {})).toBe('deployment');
});

test('a principal is the role without its session name, or the user', () => {
  expect(tenantOf('principal', { userArn: session })).toBe('arn:aws:sts::123456789012:assumed-role/team/ops');
  expect(tenantOf('principal', { userArn: 'arn:aws:iam::123456789012:user/ann' })).toBe(
    'arn:aws:iam::123456789012:user/ann',
  );
});

test('a claim counts only when it is text', () => {
  expect(tenantOf('claim:org', { claims: { org: 'acme' } })).toBe('acme');
  expect(tenantOf('claim:org', { claims: { org: '' } })).toBeUndefined();
  expect(tenantOf('claim:org', { claims: { org: ['acme'] } })).toBeUndefined();
  expect(tenantOf('principal', {})).toBeUndefined();
});
