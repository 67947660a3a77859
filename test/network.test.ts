import { connect } from 'node:net';
import { S3 } from '@aws-sdk/client-s3';
import { expect, test } from '@jest/globals';

// An address for documentation (RFC 5737): no connection is ever made.
const ADDRESS = '192.0.2.1';
const REFUSED = 'tests may not connect to';

test.each([ADDRESS, 'example.com'])('a test cannot open a socket to %s', async (host) => {
  const error = await new Promise((resolve) => connect({ host, port: 443 }).on('error', resolve));
  expect(String(error)).toContain(`${REFUSED} ${host}`);
});

test.each([`http://${ADDRESS}/`, 'https://example.com/'])('a test cannot fetch %s', async (url) => {
  const error = await fetch(url).catch((thrown) => thrown);
  expect(String(error.cause)).toContain(REFUSED);
});

test('a test cannot send a request to AWS by accident', async () => {
  const s3 = new S3({ maxAttempts: 1 });
  await expect(s3.listBuckets({})).rejects.toThrow('connect ECONNREFUSED 127.0.0.1');
});
