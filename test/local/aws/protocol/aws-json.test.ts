import * as Sfn from '@aws-sdk/client-sfn';
import { describe, expect, test } from '@jest/globals';
import { inProcess } from '../../../../local/aws/in-process.ts';
import type { Actions } from '../../../../local/aws/protocol/action.ts';
import { awsJson } from '../../../../local/aws/protocol/aws-json.ts';
import { AwsError } from '../../../../local/core/aws-error.ts';
import { callWire, wireRequest } from '../../../support/wire.ts';

const server = (actions: Actions<typeof Sfn>) =>
  awsJson({ model: Sfn, target: 'AWSStepFunctions', actions, log: () => {} });

const clientOf = (actions: Actions<typeof Sfn>) =>
  new Sfn.SFNClient({
    requestHandler: inProcess(server(actions)),
    endpoint: 'http://127.0.0.1:1',
    maxAttempts: 1,
  });

const post = (body: string | Uint8Array, target = 'AWSStepFunctions.StartExecution') =>
  callWire(
    server({ StartExecution: () => ({ executionArn: 'a', startDate: new Date(0) }) }),
    wireRequest('POST', '/', { headers: { 'x-amz-target': target }, body }),
  );

describe('AWS JSON', () => {
  test('passes the input of the client to the action and the output of the action to the client', async () => {
    const inputs: object[] = [];
    const output = {
      executionArn: 'arn',
      stateMachineArn: 'machine',
      status: 'RUNNING' as const,
      startDate: new Date('2026-11-22T01:02:03.456Z'),
      input: '{"a": "\u017C \u{1F600}"}',
    };
    const client = clientOf({
      DescribeExecution: (input) => {
        inputs.push(input);
        return output;
      },
    });
    const answer = await client.send(new Sfn.DescribeExecutionCommand({ executionArn: 'arn' }));
    expect(inputs).toStrictEqual([{ executionArn: 'arn' }]);
    expect(answer).toMatchObject(output);
  });

  test('writes timestamps as epoch seconds', async () => {
    const { status, headers, text } = await post('{"stateMachineArn":"m"}');
    expect({ status, text }).toEqual({ status: 200, text: '{"executionArn":"a","startDate":0}' });
    expect(headers['content-type']).toBe('application/x-amz-json-1.0');
  });

  test('gives the client a refusal as its class', async () => {
    const client = clientOf({
      DescribeExecution: () => {
        throw new AwsError('ExecutionDoesNotExist', 400, 'Execution Does Not Exist: x');
      },
    });
    const call = client.send(new Sfn.DescribeExecutionCommand({ executionArn: 'x' }));
    await expect(call).rejects.toBeInstanceOf(Sfn.ExecutionDoesNotExist);
    await expect(call).rejects.toMatchObject({ message: 'Execution Does Not Exist: x' });
  });

  test('names an operation that is not implemented', async () => {
    const call = clientOf({}).send(new Sfn.RedriveExecutionCommand({ executionArn: 'x' }));
    await expect(call).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: 'AWSStepFunctions.RedriveExecution is not implemented here.',
    });
  });

  test.each([
    ['no JSON', '{', 'SerializationException'],
    ['no object', '[]', 'SerializationException'],
    ['an object nested 101 deep', `{"x":${'['.repeat(100)}${']'.repeat(100)}}`, 'SerializationException'],
    ['bytes that are not UTF-8', Buffer.from('{"name":"\xff"}', 'latin1'), 'SerializationException'],
    ['a number for a string', '{"stateMachineArn": 5}', 'SerializationException'],
    ['no required member', '{}', 'ValidationException'],
  ])('refuses %s', async (_, body, code) => {
    const { status, text } = await post(body);
    expect({ status, type: JSON.parse(text).__type }).toEqual({ status: 400, type: code });
  });
});
