import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { stripTypeScriptTypes } from 'node:module';
import { type AddressInfo, isIP, type LookupFunction } from 'node:net';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isListedUrl } from '../../functions/domain/allowed/listed-urls.ts';
import type { ObjectVersion } from '../../functions/worker/contract.ts';
import { createHttpsPost, type PostOptions } from '../../functions/worker/https-post.ts';
import { isPublicAddress } from '../../functions/worker/public-address.ts';
import { selfSigned } from '../support/certificate.ts';
import { isIdempotent, shippedWorker, startActions } from '../support/worker-actions.ts';

const actions = await startActions();
const { createWorker } = await import('../../functions/worker/worker.ts');
const { webhook } = await import('../../functions/worker/actions/webhook.ts');
const { secretReader } = await import('../../functions/aws/objects/secrets.ts');
const shipped = await shippedWorker();

const action = 'webhook';
const HOST = 'hooks.test';
const KEY = 'a key of at least sixteen bytes';
const NOW = 1_795_000_000;

interface Received {
  headers: IncomingMessage['headers'];
  path: string | undefined;
  body: string;
}
const received: Received[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const answerWith = (status: number, headers: Record<string, string> = {}) => {
  answer = (_, response) => response.writeHead(status, headers).end('thank you');
};

const { key, cert } = selfSigned(HOST);
let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer({ key, cert }, async (request, response) => {
    const chunks = await Array.fromAsync(request);
    received.push({ headers: request.headers, path: request.url, body: Buffer.concat(chunks).toString() });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  await actions.secrets.send(new CreateSecretCommand({ Name: 'hooks', SecretString: KEY }));
  await actions.secrets.send(new CreateSecretCommand({ Name: 'short', SecretString: 'short' }));
});
afterAll(
  () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
);
beforeEach(() => {
  received.length = 0;
  answerWith(204);
});

/** Every name is at these addresses. */
const at =
  (...addresses: string[]): LookupFunction =>
  (_, options, callback) => {
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    if (options.all) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family);
  };

let nowMs = 0;
/** Ten minutes later at each call, so that no key is kept. */
const everLater = () => {
  nowMs += 600_000;
  return nowMs;
};
const workerWith = (post: PostOptions = {}, secret = 'hooks', keepsKey = false) =>
  createWorker({
    actions: [
      webhook.using({
        isTarget: () => true,
        readKey: secretReader(() => secret, keepsKey ? () => 0 : everLater),
        post: createHttpsPost({ lookup: at('127.0.0.1'), isAllowed: () => true, ca: cert, ...post }),
        nowSeconds: () => NOW,
      }),
    ],
    enabled: [action],
  });
const worker = workerWith();
const url = (path = '/jobs?a=b') => `https://${HOST}:${port}${path}`;
const object: ObjectVersion = { bucket: 'data', key: 'ä+b %2B\n', versionId: 'v1' };
const run = async (one = worker, values: Record<string, unknown> = { url: url() }) =>
  (await actions.run(one, object, { action, ...values })).outcome;
const success = { resultCode: 'Succeeded', resultString: '{"status":204}' };
const permanent = (resultString: unknown) => ({ resultCode: 'PermanentFailure', resultString });
const temporary = (resultString: unknown) => ({ resultCode: 'TemporaryFailure', resultString });

describe('webhook', () => {
  // The port is known only after the server has started.
  const values = {
    action,
    get url() {
      return url();
    },
  };
  isIdempotent({
    actions: () => actions,
    worker: () => worker,
    values,
    arrange: async (name) => {
      await actions.client.send(new PutObjectCommand({ Bucket: 'data', Key: name, Body: 'x' }));
      return { bucket: 'data', key: name };
    },
    // The deliveries for the object, each counted once.
    effect: async ({ key: name }) => {
      const bodies = new Map(received.map(({ body }) => [JSON.parse(body).id, JSON.parse(body)]));
      return [...bodies.values()].filter((body) => body.key === name).length;
    },
    // It does not read the object.
    whenGone: 'Succeeded',
  });

  test('posts the object and the job, signed over time and body', async () => {
    expect(await run()).toEqual(success);
    const [{ headers, path, body } = { headers: {}, path: '', body: '' }] = received;
    expect(path).toBe('/jobs?a=b');
    expect(JSON.parse(body)).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      jobId: 'job-1',
      ...object,
    });
    const signature = createHmac('sha256', KEY).update(`${NOW}.${body}`).digest('hex');
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'bucket-brigade-delivery': JSON.parse(body).id,
      'bucket-brigade-signature': `t=${NOW},v1=${signature}`,
    });
  });

  test('the example in the documentation verifies a signature and refuses any other', async () => {
    const page = readFileSync(new URL('../../docs/actions.md', import.meta.url), 'utf8');
    const [, code = ''] = /```ts\n([^`]*isFromBucketBrigade[\s\S]*?)```/.exec(page) ?? [];
    const body = stripTypeScriptTypes(code)
      .replace(/^import .*$/m, '')
      .replace('export function', 'return function');
    const verify = new Function('createHmac', 'timingSafeEqual', body)(createHmac, timingSafeEqual);
    await run();
    const [{ headers, body: text } = { headers: undefined, body: '' }] = received;
    const signature = headers?.['bucket-brigade-signature'];
    expect(verify(signature, text, KEY, NOW)).toBe(true);
    expect(verify(signature, `${text} `, KEY, NOW)).toBe(false);
    expect(verify(signature, text, 'another key', NOW)).toBe(false);
    expect(verify(signature, text, KEY, NOW + 301)).toBe(false);
    expect(verify('t=1,v1=00', text, KEY, NOW)).toBe(false);
  });

  test('uses the same id for the same object of a job, and another id for another object', async () => {
    await run();
    await run();
    await actions.run(worker, { ...object, versionId: 'v2' }, { action, url: url() });
    const ids = received.map(({ body }) => JSON.parse(body).id);
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(2);
  });

  test.each([
    [200, 'Succeeded'],
    [301, 'PermanentFailure'],
    [307, 'PermanentFailure'],
    [400, 'PermanentFailure'],
    [401, 'PermanentFailure'],
    [404, 'PermanentFailure'],
    [408, 'TemporaryFailure'],
    [429, 'TemporaryFailure'],
    [500, 'TemporaryFailure'],
    [501, 'TemporaryFailure'],
    [503, 'TemporaryFailure'],
  ])('sorts the answer %s as %s, and follows no redirect', async (status, resultCode) => {
    answerWith(status, { location: url('/elsewhere') });
    expect((await run())?.resultCode).toBe(resultCode);
    expect(received.map(({ path }) => path)).toEqual(['/jobs?a=b']);
  });

  test('fails temporarily when the receiver closes the connection', async () => {
    answer = (request) => request.socket.destroy();
    expect(await run()).toEqual(temporary(expect.stringContaining('socket hang up')));
  });

  test('does not wait for the body of the answer', async () => {
    answer = (_, response) => {
      response.writeHead(200);
      response.write('x'.repeat(1000));
    };
    expect((await run())?.resultCode).toBe('Succeeded');
  });

  test('fails temporarily when the receiver does not answer in time', async () => {
    answer = () => {};
    const { outcome } = await actions.run(
      worker,
      object,
      { action, url: url() },
      {
        fault: { at: 99, kind: 'silent' },
      },
    );
    expect(outcome?.resultCode).toBe('TemporaryFailure');
  });

  test('requires a certificate for the host', async () => {
    const { cert: other } = selfSigned(HOST);
    expect((await run(workerWith({ ca: other })))?.resultCode).toBe('PermanentFailure');
    const elsewhere = { url: `https://other.test:${port}/` };
    expect((await run(worker, elsewhere))?.resultCode).toBe('PermanentFailure');
    expect(received).toEqual([]);
  });

  test('reads the key again when the receiver refuses it, and keeps it otherwise', async () => {
    const one = workerWith({}, 'rotated', true);
    await actions.secrets.send(new CreateSecretCommand({ Name: 'rotated', SecretString: KEY }));
    expect(await run(one)).toEqual(success);
    const next = KEY.toUpperCase();
    await actions.secrets.send(new PutSecretValueCommand({ SecretId: 'rotated', SecretString: next }));
    expect((await actions.run(one, object, { action, url: url() })).calls).toEqual([]);
    answer = (request, response) => {
      const { body } = received.at(-1) ?? { body: '' };
      const expected = createHmac('sha256', next).update(`${NOW}.${body}`).digest('hex');
      const isRight = String(request.headers['bucket-brigade-signature']).endsWith(expected);
      response.writeHead(isRight ? 204 : 401).end();
    };
    const { outcome, calls } = await actions.run(one, object, { action, url: url() });
    expect(outcome).toEqual(success);
    expect(calls).toEqual(['GetSecretValue']);
  });

  test.each([
    ['missing', 'ResourceNotFoundException'],
    ['', 'names no secret'],
    ['short', 'fewer than 16 bytes'],
  ])('sends nothing without a valid key: %s', async (secret, why) => {
    expect(await run(workerWith({}, secret))).toEqual(permanent(expect.stringContaining(why)));
    expect(received).toEqual([]);
  });

  test.each([
    ['10.0.0.1'],
    ['93.184.216.34', '169.254.169.254'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['127.0.0.1'],
  ])('refuses a name with the addresses %s %s', async (...addresses) => {
    const post = { lookup: at(...addresses), isAllowed: isPublicAddress };
    expect(await run(workerWith(post))).toEqual(
      permanent('the host of the url is not on the public internet'),
    );
    expect(received).toEqual([]);
  });

  test('resolves the name once, so that the address cannot change before the connection', async () => {
    const asked: string[] = [];
    const lookup: LookupFunction = (hostname, options, callback) => {
      asked.push(hostname);
      at('127.0.0.1')(hostname, options, callback);
    };
    expect(await run(workerWith({ lookup }))).toEqual(success);
    expect(asked).toEqual([HOST]);
  });

  test.each([
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://169.254.169.254/latest/meta-data/',
  ])('refuses an address instead of a name: %s', async (address) => {
    const one = workerWith({ isAllowed: isPublicAddress });
    expect((await run(one, { url: address }))?.resultString).toBe(
      'the host of the url is not on the public internet',
    );
  });

  test('the deployed worker posts only to listed, public hosts', async () => {
    process.env['WEBHOOKS'] = `hooks.example/jobs/*,localhost:${port}`;
    process.env['WEBHOOK_SECRET'] = 'hooks';
    const unlisted = permanent('webhooks of this deployment does not list the url');
    for (const refused of [
      'https://other.example/jobs/',
      'https://hooks.example/',
      'https://hooks.example:8443/jobs/1',
      'https://hooks.example/jobs/../admin',
      'https://hooks.example/jobs/..%2fadmin',
      'https://hooks.example/jobs/..%5Cadmin',
      'https://hooks.example.evil.example/jobs/1',
      'https://evil.example/?hooks.example/jobs/1',
    ])
      expect({ refused, outcome: await run(shipped, { url: refused }) }).toEqual({
        refused,
        outcome: unlisted,
      });
    expect(await run(shipped, { url: `https://localhost:${port}/` })).toEqual(
      permanent('the host of the url is not on the public internet'),
    );
    expect(await run(shipped, { url: 'http://hooks.example/jobs/1' })).toEqual(
      permanent(expect.stringContaining('url must be an https URL without credentials')),
    );
    expect(received).toEqual([]);
  });

  test('is off until it is enabled', async () => {
    const off = createWorker({ actions: [webhook.using({} as never)] });
    expect(await run(off)).toEqual(permanent(expect.stringContaining('is off by default')));
  });
});

describe('a listed path', () => {
  const patterns = ['hooks.example/jobs/*'];

  /** What a receiver may make of a path: it decodes repeatedly, drops parameters and resolves dots. */
  function readings(path: string): string[] {
    const found = [path];
    for (let round = 0; round < 4; round++) {
      const last = found.at(-1) ?? '';
      try {
        found.push(decodeURIComponent(last));
      } catch {
        found.push(
          last.replaceAll(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
        );
      }
    }
    return found.flatMap((text) =>
      [text, text.normalize('NFKC')].map((one) => {
        const kept: string[] = [];
        for (const segment of one.split(/[/\\]/)) {
          const name = segment.replace(/;.*$/s, '').replace(/^\s+|[\s\0]+$/g, '');
          if (name === '..') kept.pop();
          else if (name !== '.') kept.push(name);
        }
        return kept.join('/');
      }),
    );
  }

  const dot = fc.constantFrom('.', '%2e', '%2E', '%252e', '%25252e', '．', '%EF%BC%8E');
  const slash = fc.constantFrom('/', '\\', '%2f', '%5c', '%252f', '%255C', '／', '%EF%BC%8F');
  const noise = fc.constantFrom('', ';', ';a=b', '%3b', '%3Bx', '%20', '%00', '%09', '\t', ' ');
  const climb = fc.tuple(dot, fc.oneof(dot, fc.constant('')), noise, slash).map((parts) => parts.join(''));
  const word = fc.stringMatching(/^[a-z0-9._~;=%-]{0,6}$/);

  test('cannot be left by an address that a receiver reads differently', () => {
    const tail = fc.array(fc.oneof({ weight: 3, arbitrary: climb }, { weight: 1, arbitrary: word }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(tail, (parts) => {
        const address = `https://hooks.example/jobs/${parts.join('')}admin`;
        if (!isListedUrl(patterns, address)) return;
        for (const path of readings(new URL(address).pathname))
          expect({ address, path, isInside: path.startsWith('/jobs/') }).toMatchObject({ isInside: true });
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    'https://hooks.example/jobs/..;/admin',
    'https://hooks.example/jobs/.;a/..;b/admin',
    'https://hooks.example/jobs/%2e%2e;/admin',
    'https://hooks.example/jobs/..%3b/admin',
    'https://hooks.example/jobs/%252e%252e/admin',
    'https://hooks.example/jobs/%252e%252e%252fadmin',
    'https://hooks.example/jobs/..%255cadmin',
    'https://hooks.example/jobs/%c0%ae%c0%ae/admin',
    'https://hooks.example/jobs/%u002e%u002e/admin',
    'https://hooks.example/jobs/．．/admin',
    'https://hooks.example/jobs/..%20/admin',
    'https://hooks.example/jobs/..%00/admin',
  ])('does not hold %s', (address) => expect(isListedUrl(patterns, address)).toBe(false));

  test('holds plain paths', () => {
    const segment = fc.stringMatching(/^[A-Za-z0-9_~-][A-Za-z0-9._~=;:@ äß-]{0,8}$/);
    fc.assert(
      fc.property(
        fc.array(segment, { minLength: 1, maxLength: 3 }),
        fc.webQueryParameters(),
        (segments, query) => {
          const path = segments.map(encodeURIComponent).join('/');
          expect(isListedUrl(patterns, `https://hooks.example/jobs/${path}?${query}`)).toBe(true);
        },
      ),
    );
  });
});

describe('the public internet', () => {
  const number4 = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const text4 = (value: number) =>
    [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');

  test.each([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ])('excludes %s/%i, also as IPv6', (base, bits) => {
    const size = 2 ** (32 - bits);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: size - 1 }), (offset) => {
        const address = text4(number4(base) + offset);
        expect({ address, isPublic: isPublicAddress(address) }).toEqual({ address, isPublic: false });
        for (const prefix of ['::ffff:', '::', '64:ff9b::', '64:ff9b:1::', '2002:a00:1::'])
          expect(isPublicAddress(`${prefix}${address}`)).toBe(false);
      }),
      { numRuns: 30, examples: [[0], [size - 1]] },
    );
  });

  test('excludes every text that is not an address', () => {
    const odd = fc.constantFrom(
      '',
      '8.8.8',
      '8.8.8.8.8',
      '134744072',
      '0x08080808',
      '010.8.8.8',
      ' 8.8.8.8',
      '8.8.8.8\n',
    );
    fc.assert(
      fc.property(fc.oneof(odd, fc.string(), fc.domain()), (text) => {
        fc.pre(isIP(text) === 0);
        expect(isPublicAddress(text)).toBe(false);
      }),
    );
  });

  test.each([
    '8.8.8.8',
    '93.184.216.34',
    '172.32.0.1',
    '100.128.0.1',
    '192.169.0.1',
    '2606:4700::1',
    '2a00::1',
  ])('includes %s', (address) => expect(isPublicAddress(address)).toBe(true));

  test.each([
    '::',
    '::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '5f00::1',
    '4000::1',
  ])('excludes %s', (address) => expect(isPublicAddress(address)).toBe(false));
});
