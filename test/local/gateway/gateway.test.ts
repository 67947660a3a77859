import { describe, expect, test } from '@jest/globals';
import { startServer } from '../../../local/aws/server.ts';
import { virtualClock } from '../../../local/core/clock.ts';
import { createRandom } from '../../../local/core/random.ts';
import type { WireHandler, WireRequest } from '../../../local/core/wire.ts';
import { createGateway } from '../../../local/gateway/gateway.ts';
import type { Route } from '../../../local/gateway/routes.ts';
import { createInProcessLambda } from '../../../local/lambda/in-process.ts';

const NOW = Date.UTC(2026, 2, 12, 19, 3, 58);

const routes: Route[] = [
  { method: 'POST', path: '/jobs', functionName: 'echo', authorizer: 'iam' },
  { method: 'GET', path: '/jobs/{id}', functionName: 'echo', authorizer: 'iam' },
  { method: 'GET', path: '/jobs/latest', functionName: 'latest' },
  { method: 'ANY', path: '/files/{path+}', functionName: 'echo' },
  { method: 'GET', path: '/answer', functionName: 'answer' },
  { method: 'GET', path: '/broken', functionName: 'broken' },
  {
    method: 'GET',
    path: '/token',
    functionName: 'echo',
    authorizer: { issuer: 'https://issuer.example', audience: ['jobs'], scopes: ['jobs', 'admin'] },
  },
];

let given: unknown;
const clock = virtualClock(NOW);
const handle: WireHandler = createGateway({
  routes,
  clock,
  random: createRandom('gateway'),
  lambda: createInProcessLambda({
    clock,
    functions: {
      echo: (event) => ({ statusCode: 200, body: JSON.stringify(event) }),
      latest: () => 'the latest',
      answer: () => given,
      broken: () => {
        throw new Error('a secret of the function');
      },
    },
  }),
});

const request = (overrides: Partial<WireRequest> & { content?: string | Uint8Array }): WireRequest => ({
  method: 'GET',
  path: '/jobs/1',
  query: '',
  headers: { host: 'localhost:3000' },
  body: (async function* () {
    if (overrides.content !== undefined) yield Buffer.from(overrides.content);
  })(),
  ...overrides,
});
const ask = async (overrides: Parameters<typeof request>[0]) => {
  const { body, ...response } = await handle(request(overrides));
  return { ...response, text: Buffer.from(body as string).toString() };
};
const eventOf = async (overrides: Parameters<typeof request>[0]) => JSON.parse((await ask(overrides)).text);
const answerFor = (result: unknown) => {
  given = result;
  return ask({ path: '/answer' });
};

describe('the event', () => {
  test('describes the request as payload format 2.0 does', async () => {
    const event = await eventOf({
      method: 'POST',
      path: '/jobs',
      query: 'a=1&b=x%20y&a=2',
      headers: {
        host: 'localhost:3000',
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'curl/8',
        cookie: 'one=1; two=2',
      },
      content: '{"Operation":"ü"}',
    });
    expect(event).toEqual({
      version: '2.0',
      routeKey: 'POST /jobs',
      rawPath: '/jobs',
      rawQueryString: 'a=1&b=x%20y&a=2',
      cookies: ['one=1', 'two=2'],
      headers: {
        host: 'localhost:3000',
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'curl/8',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
      },
      queryStringParameters: { a: '1,2', b: 'x y' },
      requestContext: expect.objectContaining({
        accountId: '000000000000',
        http: {
          method: 'POST',
          path: '/jobs',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'curl/8',
        },
        stage: '$default',
        time: '12/Mar/2026:19:03:58 +0000',
        timeEpoch: NOW,
      }),
      body: '{"Operation":"ü"}',
      isBase64Encoded: false,
    });
  });

  test('carries the decoded path and path parameters', async () => {
    const event = await eventOf({ path: '/jobs/a%20b%2Fc' });
    expect(event).toMatchObject({ rawPath: '/jobs/a b/c', pathParameters: { id: 'a b/c' } });
    expect(event).not.toHaveProperty('body');
    expect(event).not.toHaveProperty('queryStringParameters');
  });

  test.each([
    ['text/csv', false],
    ['application/xml', false],
    ['application/octet-stream', true],
    ['application/x-www-form-urlencoded', true],
    ['', true],
  ])('carries a body of type %j as base64: %s', async (type, isBase64Encoded) => {
    const headers = { host: 'localhost', 'content-type': type };
    const event = await eventOf({ method: 'POST', path: '/jobs', headers, content: 'a=1' });
    expect(event).toMatchObject({ isBase64Encoded, body: isBase64Encoded ? 'YT0x' : 'a=1' });
  });

  test.each([
    [{}, 'local'],
    [
      { authorization: 'AWS4-HMAC-SHA256 Credential=alice/20260312/us-east-1/execute-api/aws4_request, X' },
      'alice',
    ],
  ])('names the caller behind %j', async (headers, user) => {
    const { requestContext } = await eventOf({ headers: { host: 'localhost', ...headers } });
    expect(requestContext.authorizer.iam).toMatchObject({
      userArn: `arn:aws:iam::000000000000:user/${user}`,
      accessKey: user,
      accountId: '000000000000',
    });
  });

  describe('of a route behind a JWT authorizer', () => {
    const seconds = NOW / 1000;
    const good = { iss: 'https://issuer.example', aud: 'jobs', exp: seconds + 60, scope: 'read jobs' };
    const askWith = (authorization?: string) =>
      ask({ path: '/token', headers: { host: 'localhost:3000', ...(authorization && { authorization }) } });
    const tokenOf = (claims: object) =>
      `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.unsigned`;

    test.each<[string, object]>([
      ['one audience of several', { ...good, aud: ['x', 'jobs'] }],
      ['client_id instead of aud', { ...good, aud: undefined, client_id: 'jobs' }],
      ['scp instead of scope', { ...good, scope: undefined, scp: ['admin'] }],
    ])('accepts a token with %s', async (_, claims) => {
      expect((await askWith(`Bearer ${tokenOf(claims)}`)).status).toBe(200);
    });

    test('passes the claims as text', async () => {
      const claims = { ...good, team: 'media', level: 3, roles: ['a', 'b'] };
      const { requestContext } = JSON.parse((await askWith(tokenOf(claims))).text);
      expect(requestContext.authorizer).toEqual({
        jwt: {
          claims: { ...good, exp: String(good.exp), team: 'media', level: '3', roles: '[a b]' },
          scopes: ['jobs', 'admin'],
        },
      });
    });

    test.each<[string, string | undefined, number, string]>([
      ['nothing', undefined, 401, 'Unauthorized'],
      ['a signature', 'AWS4-HMAC-SHA256 Credential=ann/x', 401, 'Unauthorized'],
      ['no JSON', 'Bearer x.x.x', 401, 'Unauthorized'],
      ['another issuer', tokenOf({ ...good, iss: 'https://other.example' }), 401, 'Unauthorized'],
      ['another audience', tokenOf({ ...good, aud: 'mail' }), 401, 'Unauthorized'],
      ['a token without an end', tokenOf({ ...good, exp: undefined }), 401, 'Unauthorized'],
      ['one that has expired', tokenOf({ ...good, exp: seconds }), 401, 'Unauthorized'],
      ['one of tomorrow', tokenOf({ ...good, nbf: seconds + 1 }), 401, 'Unauthorized'],
      ['one without the scope', tokenOf({ ...good, scope: 'jobs-of-others' }), 403, 'Forbidden'],
    ])('refuses %s', async (_, authorization, status, message) => {
      expect(await askWith(authorization)).toMatchObject({ status, text: JSON.stringify({ message }) });
    });
  });

  test('names no caller on a route without an authorizer', async () => {
    const { requestContext } = await eventOf({ path: '/files/a/b' });
    expect(requestContext).not.toHaveProperty('authorizer');
  });
});

describe('a route', () => {
  test('with exact segments wins over one with variables', async () => {
    expect((await ask({ path: '/jobs/latest' })).text).toBe('the latest');
  });

  test('with a greedy variable matches the rest of the path, with any method', async () => {
    const event = await eventOf({ method: 'DELETE', path: '/files/a/b%20c/d' });
    expect(event).toMatchObject({ routeKey: 'ANY /files/{path+}', pathParameters: { path: 'a/b c/d' } });
  });

  test.each([
    ['GET', '/'],
    ['GET', '/jobs'],
    ['GET', '/jobs/'],
    ['GET', '/jobs/1/'],
    ['GET', '/jobs/1/2'],
    ['PUT', '/jobs/1'],
    ['GET', '/files'],
    ['GET', '/Jobs/1'],
  ])('is not found for %s %s', async (method, path) => {
    expect(await ask({ method, path })).toMatchObject({ status: 404, text: '{"message":"Not Found"}' });
  });

  test('is not searched when the percent-encoding of the path is invalid', async () => {
    expect(await ask({ path: '/jobs/%zz' })).toMatchObject({ status: 400 });
  });
});

describe('the response', () => {
  test('has the status, headers, cookies and body of the function', async () => {
    const response = await answerFor({
      statusCode: 202,
      headers: { Location: '/jobs/1', 'Retry-After': 15 },
      cookies: ['a=1', 'b=2'],
      body: 'YQ==',
      isBase64Encoded: true,
    });
    expect(response).toMatchObject({
      status: 202,
      headers: { location: '/jobs/1', 'retry-after': '15', 'content-type': 'text/plain;charset=UTF-8' },
      cookies: ['a=1', 'b=2'],
      text: 'a',
    });
  });

  test.each([
    [{ a: 1 }, '{"a":1}'],
    ['hello', 'hello'],
    [null, 'null'],
    [[1], '[1]'],
  ])('to %j without a status code is a 200 with JSON', async (result, text) => {
    expect(await answerFor(result)).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json' },
      text,
    });
  });

  test.each([
    { statusCode: 'ok' },
    { statusCode: 99 },
    { statusCode: 200, body: { a: 1 } },
    { statusCode: 200, headers: ['a'] },
  ])('to the malformed %j is a 500 without details', async (result) => {
    expect(await answerFor(result)).toMatchObject({
      status: 500,
      text: '{"message":"Internal Server Error"}',
    });
  });

  test('to a function that failed is a 500 without details', async () => {
    expect(await ask({ path: '/broken' })).toMatchObject({
      status: 500,
      text: '{"message":"Internal Server Error"}',
    });
  });

  test('to a body over 10 MB is 413', async () => {
    const content = Buffer.alloc(10 * 1024 * 1024 + 1, 'a');
    expect(await ask({ method: 'POST', path: '/jobs', content })).toMatchObject({
      status: 413,
      text: '{"message":"Request Entity Too Large"}',
    });
  });
});

test('over HTTP a refused upload gets its answer, and every cookie has its own header', async () => {
  const server = await startServer({ handle });
  try {
    const url = `http://127.0.0.1:${server.port}`;
    const upload = await fetch(`${url}/jobs`, { method: 'POST', body: Buffer.alloc(11 * 1024 * 1024) });
    expect(upload.status).toBe(413);
    given = { statusCode: 200, cookies: ['a=1', 'b=2'] };
    expect((await fetch(`${url}/answer`)).headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  } finally {
    await server.close();
  }
});
