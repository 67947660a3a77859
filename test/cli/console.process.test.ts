/** The door of `bucket-brigade console`: who is let in, and what is passed on. */
import { type ChildProcess, spawn } from 'node:child_process';
import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { cliProgram, type StubApi, stubApi } from '../support/cli.ts';
import { verifySignature } from '../support/sigv4.ts';

const ID = `${'a'.repeat(20)}-${'b'.repeat(32)}`;
const SECRET = 'secret-of-the-caller';

let api: StubApi;
let child: ChildProcess | undefined;
beforeAll(async () => {
  api = await stubApi(() => ({
    status: 200,
    headers: { etag: '"1"', 'set-cookie': 'a=b', server: 'x' },
    body: { jobs: [] },
  }));
});
afterAll(() => api.close());
afterEach(() => {
  child?.kill();
  api.calls.length = 0;
});

/** Starts the console; returns the address that it prints. */
async function open(...args: string[]): Promise<URL> {
  const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: SECRET };
  child = spawn(process.execPath, [await cliProgram(), 'console', '--api', api.url, ...args], {
    env: { PATH: process.env['PATH'], ...keys },
  });
  return new Promise((done) => {
    child?.stdout?.once('data', (chunk: Buffer) => done(new URL(chunk.toString().trim())));
  });
}

interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

const send = (url: URL | string, headers: Record<string, string> = {}, method = 'GET', body?: string) =>
  new Promise<Reply>((done, fail) => {
    const sent = request(url, { method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk;
      });
      response.on('end', () =>
        done({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    sent.on('error', fail);
    sent.end(body);
  });

async function openWithCookie(...args: string[]) {
  const address = await open(...args);
  const { headers } = await send(address);
  const [cookie = ''] = headers['set-cookie'] ?? [];
  return { base: address.origin, attributes: cookie, cookie: cookie.split(';')[0] ?? '' };
}

test('it listens on 127.0.0.1, and its token becomes an HttpOnly SameSite=Strict cookie', async () => {
  const { base, attributes } = await openWithCookie();
  expect(base).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(attributes).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
});

test('a call without the cookie, with another token, a foreign Host or a foreign Origin is refused and not passed on', async () => {
  const { base, cookie } = await openWithCookie();
  const { host, port } = new URL(base);
  expect((await send(`${base}/jobs`)).status).toBe(401);
  expect((await send(`${base}/console/`)).status).toBe(401);
  expect((await send(`${base}/open?token=nope`)).status).toBe(401);
  expect((await send(`${base}/jobs`, { cookie: cookie.replace(/.$/, '~') })).status).toBe(401);
  expect((await send(`${base}/jobs`, { cookie, host: `evil.example:${port}` })).status).toBe(421);
  expect((await send(`${base}/jobs`, { cookie, host: `127.0.0.1.nip.io:${port}` })).status).toBe(421);
  expect((await send(`${base}/jobs`, { cookie, origin: 'https://evil.example' })).status).toBe(403);
  expect((await send(`${base}/jobs`, { cookie, origin: 'null' })).status).toBe(403);
  expect((await send(`${base}/jobs`, { cookie, origin: `http://${host}` })).status).toBe(200);
  expect(api.calls).toHaveLength(1);
});

test('calls of the contract are signed and passed on, with the headers that matter and no others', async () => {
  const { base, cookie } = await openWithCookie();
  const reply = await send(`${base}/jobs?pageSize=5`, { cookie, prefer: 'wait=1', 'x-secret': '1' });
  expect(reply).toMatchObject({ status: 200, body: '{"jobs":[]}' });
  expect(reply.headers['etag']).toBe('"1"');
  expect(reply.headers['set-cookie']).toBeUndefined();
  expect(reply.headers['access-control-allow-origin']).toBeUndefined();
  const [call] = api.calls;
  if (!call) throw new Error('no call came');
  expect(verifySignature(call, SECRET).isValid).toBe(true);
  expect(call.headers).toMatchObject({ prefer: 'wait=1' });
  for (const name of ['cookie', 'x-secret']) expect(call.headers[name]).toBeUndefined();
});

test.each([
  ['PUT', '/'],
  ['GET', '/admin'],
  ['DELETE', '/jobs'],
  ['GET', `/jobs/${ID}/secrets`],
  ['GET', '/jobs/%2e%2e%2fadmin'],
])('%s %s is no call of the contract and is not passed on', async (method, path) => {
  const { base, cookie } = await openWithCookie();
  expect((await send(`${base}${path}`, { cookie }, method)).status).toBe(404);
  expect(api.calls).toEqual([]);
});

test('--read-only refuses what changes something, and lets reads and dry runs through', async () => {
  const { base, cookie } = await openWithCookie('--read-only');
  const refused: [string, string][] = [
    ['POST', '/jobs'],
    ['POST', '/jobs?dryRun=false'],
    ['POST', '/jobs?dryRun=true&dryRun=false'],
    ['POST', `/jobs/${ID}/cancel`],
    ['POST', `/jobs/${ID}/cancel?dryRun=true`],
    ['PATCH', `/jobs/${ID}`],
    ['DELETE', `/jobs/${ID}/tags`],
  ];
  for (const [method, path] of refused)
    expect([method, path, (await send(`${base}${path}`, { cookie }, method)).status]).toEqual([
      method,
      path,
      403,
    ]);
  expect(api.calls).toEqual([]);
  expect((await send(`${base}/jobs?dryRun=true`, { cookie }, 'POST', '{}')).status).toBe(200);
  expect((await send(`${base}/jobs/${ID}`, { cookie })).status).toBe(200);
});
