import { describe, expect, test } from '@jest/globals';
import { createEndpoint } from '../../../local/aws/endpoint.ts';
import type { WireHandler } from '../../../local/core/wire.ts';
import { callWire, wireRequest } from '../../support/wire.ts';

const named =
  (name: string): WireHandler =>
  async () => ({ status: 200, headers: {}, body: name });

const endpoint = createEndpoint({
  s3: named('s3'),
  s3control: named('s3control'),
  states: named('states'),
  messages: named('messages'),
  control: named('control'),
});

const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
const json = { 'content-type': 'application/json' };
const signedFor = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=me/20261122/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

describe('the endpoint', () => {
  test.each([
    ['states', 'POST', '/', { 'x-amz-target': 'AWSStepFunctions.StartExecution' }],
    ['messages', 'POST', '/', { 'x-amz-target': 'AmazonSQS.ReceiveMessage' }],
    ['messages', 'POST', '/', form],
    ['messages', 'POST', '/000000000000/a-queue', form],
    ['messages', 'GET', '/?Action=ListTopics', {}],
    ['messages', 'GET', '/000000000000/a-queue?Action=ReceiveMessage', {}],
    ['s3', 'GET', '/bucket/key?Action=ListTopics', {}],
    ['s3', 'PUT', '/2015-03-31/functions/a-key', signedFor('s3')],
    ['s3', 'GET', '/2015-03-31/a-key', {}],
    ['s3control', 'GET', '/v20180820/jobs', signedFor('s3')],
    ['s3control', 'GET', '/v20180820/jobs', {}],
    ['s3', 'GET', '/', {}],
    ['s3', 'POST', '/bucket/key?uploads', form],
    ['s3', 'PUT', '/v20180820', {}],
    ['control', 'GET', '/_bucket-brigade/notices', {}],
    ['control', 'POST', '/_bucket-brigade/faults', json],
  ])('sends to %s: %s %s', async (service, method, target, headers: Record<string, string>) => {
    const { text } = await callWire(endpoint, wireRequest(method, target, { headers }));
    expect(text).toBe(service);
  });

  test('refuses a control request that a web form could send', async () => {
    const { status } = await callWire(
      endpoint,
      wireRequest('POST', '/_bucket-brigade/faults', { headers: form }),
    );
    expect(status).toBe(415);
  });

  test('names a service that is not implemented', async () => {
    const headers = { 'x-amz-target': 'DynamoDB_20120810.GetItem' };
    const { status, text } = await callWire(endpoint, wireRequest('POST', '/', { headers }));
    expect({ status, ...JSON.parse(text) }).toEqual({
      status: 400,
      __type: 'UnknownOperationException',
      message: 'DynamoDB_20120810.GetItem is not implemented here.',
    });
  });

  test.each([
    ['lambda', 'POST', '/2015-03-31/functions/a-function/invocations', {}],
    ['lambda', 'GET', '/2015-03-31/functions', {}],
    ['lambda', 'GET', '/2015-03-31/functions/', signedFor('lambda')],
    ['lambda', 'GET', '/2018-10-31/layers', signedFor('lambda')],
    ['execute-api', 'POST', '/jobs', signedFor('execute-api')],
  ])(
    'refuses a request to %s instead of reading it as a bucket: %s %s',
    async (service, method, target, headers: Record<string, string>) => {
      const { status, text } = await callWire(endpoint, wireRequest(method, target, { headers }));
      expect({ status, ...JSON.parse(text) }).toEqual({
        status: 400,
        __type: 'UnknownOperationException',
        message: `${method} ${target} of ${service} is not implemented here.`,
      });
    },
  );
});
