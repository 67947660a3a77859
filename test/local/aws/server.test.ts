import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningServer, startServer } from '../../../local/aws/server.ts';
import type { WireRequest } from '../../../local/core/wire.ts';

let server: RunningServer;
const received: WireRequest[] = [];

beforeAll(async () => {
  server = await startServer({
    handle: async (request) => {
      received.push(request);
      let size = 0;
      for await (const chunk of request.body) size += chunk.byteLength;
      return { status: 200, headers: { 'x-size': String(size) }, body: stream('streamed') };
    },
  });
});
afterAll(() => server.close());

async function* stream(text: string) {
  for (const character of text) yield Buffer.from(character);
}

/** Sends bytes as they are and reads until the server closes. */
const send = (lines: string[], host = '127.0.0.1') =>
  new Promise<string>((resolve, reject) => {
    const socket = connect(server.port, host, () =>
      socket.end(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`),
    );
    let answer = '';
    socket.setEncoding('utf8').on('data', (text) => {
      answer += text;
    });
    socket.on('end', () => resolve(answer)).on('error', reject);
  });

const get = (target: string, ...headers: string[]) => send([`GET ${target} HTTP/1.1`, ...headers]);

describe('the server', () => {
  test('passes on path and query exactly as sent', async () => {
    await get('/b/k/../x/./y//%2E%2E/a+b%2B%0A?q=%zz&x', 'Host: localhost');
    expect(received.at(-1)).toMatchObject({ path: '/b/k/../x/./y//%2E%2E/a+b%2B%0A', query: 'q=%zz&x' });
  });

  test('accepts the absolute form that clients send to a proxy', async () => {
    await get(
      'http://000000000000.s3control.local/v20180820/jobs?maxResults=1',
      'Host: 000000000000.s3control.local',
    );
    expect(received.at(-1)).toMatchObject({ path: '/v20180820/jobs', query: 'maxResults=1' });
    await get('http://s3control.local?x=1', 'Host: s3control.local');
    expect(received.at(-1)).toMatchObject({ path: '/', query: 'x=1' });
  });

  test('streams bodies both ways', async () => {
    const body = Buffer.alloc(300_000, 'x');
    const response = await fetch(`http://127.0.0.1:${server.port}/b/k`, { method: 'PUT', body });
    expect(response.headers.get('x-size')).toBe('300000');
    expect(await response.text()).toBe('streamed');
  });

  test.each(['localhost:1', '127.0.0.1', '[::1]:80', 'bucket.localhost', 'a.b.localhost:9'])(
    'answers the local host name %s',
    async (host) => {
      expect(await get('/', `Host: ${host}`)).toMatch(/^HTTP\/1.1 200 /);
    },
  );

  test.each([
    'example.com',
    'localhost.example.com',
    '127.0.0.1.example.com',
    '10.0.0.1',
    's3.amazonaws.com',
    'evil.s3control.local.example.com',
  ])('refuses the foreign host name %s in the header and in the absolute form', async (host) => {
    expect(await get('/', `Host: ${host}`)).toMatch(/^HTTP\/1.1 403 /);
    expect(await get(`http://${host}/`, 'Host: localhost')).toMatch(/^HTTP\/1.1 403 /);
  });

  test.each(['s3control.local', '000000000000.s3control.local', 's3control.local:4566'])(
    'refuses the name %s outside of the absolute form: another machine could answer for it',
    async (host) => {
      expect(await get('/', `Host: ${host}`)).toMatch(/^HTTP\/1.1 403 /);
      expect(await get(`http://${host}/`, `Host: ${host}`)).toMatch(/^HTTP\/1.1 200 /);
    },
  );

  test.each([
    ['cross-site', 403],
    ['same-site', 403],
    ['same-origin', 200],
    ['none', 200],
  ])('answers a browser with Sec-Fetch-Site: %s with %s', async (site, status) => {
    const answer = await get('/?Action=Publish', 'Host: localhost', `Sec-Fetch-Site: ${site}`);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });
  test.each([
    ['/console/', 'navigate', 'document', 200],
    ['/console/main.js', 'no-cors', 'script', 403],
    ['/console/', 'navigate', 'iframe', 403],
    ['/jobs', 'navigate', 'document', 403],
    ['/consoles', 'navigate', 'document', 403],
  ])('answers a link of another page to %s (%s, %s) with %d', async (path, mode, destination, status) => {
    const answer = await get(
      path,
      'Host: localhost',
      'Sec-Fetch-Site: cross-site',
      `Sec-Fetch-Mode: ${mode}`,
      `Sec-Fetch-Dest: ${destination}`,
    );
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  test('closes connections whose headers do not end', async () => {
    const impatient = await startServer({
      handle: async () => ({ status: 200, headers: {} }),
      headersTimeoutMs: 200,
    });
    try {
      const socket = connect(impatient.port, '127.0.0.1', () => {
        socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
      });
      let answer = '';
      socket.setEncoding('utf8').on('data', (text) => {
        answer += text;
      });
      await new Promise((resolve) => socket.once('close', resolve));
      expect(answer).toMatch(/^HTTP\/1.1 408 /);
    } finally {
      await impatient.close();
    }
  });

  test.each([
    'https://example.com',
    'null',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com:80',
  ])('refuses pages of %s', async (origin) => {
    const answer = await get('/', 'Host: localhost', `Origin: ${origin}`);
    expect(answer).toMatch(/^HTTP\/1.1 403 /);
    expect(answer).toContain(`pages of ${origin} may not call this service`);
    expect(answer.toLowerCase()).not.toContain('access-control');
  });

  test('answers pages that this machine serves', async () => {
    expect(await get('/', 'Host: localhost', 'Origin: http://localhost:3000')).toMatch(/^HTTP\/1.1 200 /);
  });

  test('rejects when its port is in use', async () => {
    await expect(
      startServer({ port: server.port, handle: async () => ({ status: 200, headers: {} }) }),
    ).rejects.toThrow('EADDRINUSE');
  });

  test('answers 500 when a handler throws, and keeps running', async () => {
    const lines: string[] = [];
    const broken = await startServer({
      handle: () => Promise.reject(new Error('broken')),
      log: (line) => lines.push(line),
    });
    const statuses = [1, 2].map(async () => (await fetch(`http://127.0.0.1:${broken.port}/`)).status);
    expect(await Promise.all(statuses)).toEqual([500, 500]);
    await broken.close();
    expect(lines).toEqual(['GET /: Error: broken', 'GET /: Error: broken']);
  });
});
