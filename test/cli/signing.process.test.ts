import { afterEach, expect, test } from '@jest/globals';
import { runCli, type StubApi, stubApi } from '../support/cli.ts';
import { verifySignature } from '../support/sigv4.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: SECRET, AWS_REGION: 'eu-west-1' };

let api: StubApi;
afterEach(() => api.close());

async function callsOf(args: string[], env: Record<string, string>) {
  api = await stubApi(({ path }) => ({
    status: 200,
    body: path.startsWith('/jobs?pageSize')
      ? { jobs: [], nextPageToken: null }
      : { jobRequestId: 'x', failureReasons: [], links: {}, submittedAt: '2026-11-01T00:00:00Z' },
  }));
  await runCli(api.url, args, { env });
  return api.calls;
}

test.each([
  ['a query', ['jobs', 'list', '--text', "a b/ü&c=d*'()", '--status', 'Active', '--status', 'Failed']],
  ['a body', ['jobs', 'untag', '--manifest', 's3://data/manifest.csv', '--description', 'größe']],
  ['an id that needs encoding', ['jobs', 'get', 'a b/c']],
])('a call with %s carries a valid signature, and one changed byte makes it invalid', async (_, args) => {
  const [call] = await callsOf(args, keys);
  if (!call) throw new Error('no call came');
  expect(verifySignature(call, SECRET)).toMatchObject({
    isValid: true,
    accessKey: 'AKIDEXAMPLE',
    service: 'execute-api',
    region: 'eu-west-1',
  });
  expect(verifySignature(call, `${SECRET}x`).isValid).toBe(false);
  expect(verifySignature({ ...call, path: `${call.path}x` }, SECRET).isValid).toBe(false);
  expect(verifySignature({ ...call, body: `${call.body} ` }, SECRET).isValid).toBe(false);
  expect(verifySignature({ ...call, method: 'DELETE' }, SECRET).isValid).toBe(false);
});

test('temporary credentials send their session token, and sign it', async () => {
  const [call] = await callsOf(['jobs', 'list'], { ...keys, AWS_SESSION_TOKEN: 'session' });
  if (!call) throw new Error('no call came');
  const verdict = verifySignature(call, SECRET);
  expect(call.headers['x-amz-security-token']).toBe('session');
  expect(verdict.signedHeaders).toEqual(
    expect.arrayContaining(['host', 'x-amz-date', 'x-amz-security-token']),
  );
  expect(verdict.isValid).toBe(true);
});

test('a token replaces the signature', async () => {
  const [call] = await callsOf(['jobs', 'list'], { ...keys, BUCKET_BRIGADE_TOKEN: 'abc.def.ghi' });
  expect(call?.headers['authorization']).toBe('Bearer abc.def.ghi');
});

test('the local stack is called without a signature when no key is in the environment', async () => {
  const [call] = await callsOf(['jobs', 'list'], {});
  expect(call?.headers['authorization']).toBeUndefined();
});

test.each([
  ['http://api.example.com', 'use https'],
  ['http://127.0.0.1.example.com:3000', 'use https'],
  ['http://user:secret@127.0.0.1:3000', 'more than a host'],
  ['ftp://127.0.0.1', 'no URL'],
  ['nonsense', 'no URL'],
])('nothing is sent to %s', async (address, message) => {
  api = await stubApi(() => ({ status: 200 }));
  const { code, stderr } = await runCli(address, ['jobs', 'list'], {
    env: { ...keys, BUCKET_BRIGADE_TOKEN: 't' },
  });
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('secret');
});

test('an https address without credentials exits with 4 and names what to set', async () => {
  api = await stubApi(() => ({ status: 200 }));
  const { code, stderr } = await runCli('https://127.0.0.1:9', ['jobs', 'list'], {
    env: { AWS_REGION: 'eu-west-1' },
  });
  expect(code).toBe(4);
  expect(stderr).toContain('AWS_PROFILE');
});
