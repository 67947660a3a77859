import { beforeAll, describe, expect, test } from '@jest/globals';
import { startServices } from '../../support/services.ts';
import { callWire, wireRequest } from '../../support/wire.ts';

let services: Awaited<ReturnType<typeof startServices>>;
beforeAll(async () => {
  services = await startServices();
});

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const json = (target: string) => ({ 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' });

describe('the error document of each service, byte for byte', () => {
  test.each<[string, Parameters<typeof wireRequest>, number, string]>([
    [
      'S3 Control: ErrorResponse and Error, with the ids outside of Error',
      ['GET', '/v20180820/jobs/none', { headers: { 'x-amz-account-id': '000000000000' } }],
      404,
      '<?xml version="1.0" encoding="UTF-8"?>\n<ErrorResponse><Error><Code>NoSuchJob</Code><Message>The specified job does not exist</Message></Error><RequestId>ID</RequestId><HostId>HOST</HostId></ErrorResponse>',
    ],
    [
      'S3 Control, for an action that is not implemented',
      ['GET', '/v20180820/accesspoint', { headers: { 'x-amz-account-id': '000000000000' } }],
      501,
      '<?xml version="1.0" encoding="UTF-8"?>\n<ErrorResponse><Error><Code>NotImplemented</Code><Message>ListAccessPoints is not implemented here.</Message><Operation>ListAccessPoints</Operation></Error><RequestId>ID</RequestId><HostId>HOST</HostId></ErrorResponse>',
    ],
    [
      'Step Functions: JSON with __type',
      ['POST', '/', { headers: json('AWSStepFunctions.DescribeExecution'), body: '{"executionArn":"x"}' }],
      400,
      `{"__type":"InvalidArn","message":"Invalid Arn: 'x' is not the ARN of a resource of type execution"}`,
    ],
    [
      'Secrets Manager: JSON with __type',
      ['POST', '/', { headers: json('secretsmanager.GetSecretValue'), body: '{"SecretId":"none"}' }],
      400,
      `{"__type":"ResourceNotFoundException","message":"Secrets Manager can't find the specified secret."}`,
    ],
    [
      'SNS: ErrorResponse with a namespace and the type of the error',
      ['POST', '/', { headers: form, body: 'Action=PublishBatch' }],
      400,
      '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>PublishBatch is not implemented here; publish one message at a time</Message></Error><RequestId>ID</RequestId></ErrorResponse>',
    ],
  ])('%s', async (_, request, status, body) => {
    const answer = await callWire(services.aws, wireRequest(...request));
    const id = answer.headers['x-amz-request-id'] ?? answer.headers['x-amzn-requestid'] ?? '';
    const host = answer.headers['x-amz-id-2'] ?? 'none';
    expect({
      status: answer.status,
      body: answer.text.replaceAll(host, 'HOST').replaceAll(id, 'ID'),
    }).toEqual({ status, body });
  });

  test('S3: Error is the root element', async () => {
    const { status, text } = await callWire(services.aws, wireRequest('GET', '/data/none'));
    expect(status).toBe(404);
    expect(text).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>NoSuchKey<\/Code><Message>[^<]+<\/Message>.*<\/Error>$/,
    );
  });
});
