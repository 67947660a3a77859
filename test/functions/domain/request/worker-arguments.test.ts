import { expect, test } from '@jest/globals';
import {
  checkWorkerArguments,
  workerArgumentsOf,
} from '../../../../functions/domain/request/worker-arguments.ts';

const worker = 'arn:aws:lambda:us-east-1:000000000000:function:worker:3';
const jobWith = (invoke: object | undefined) =>
  ({ Operation: invoke ? { LambdaInvoke: invoke } : { S3DeleteObjectTagging: {} } }) as never;
const UserArguments = { action: 'gzip' };

test.each<[object | undefined, object | undefined]>([
  [undefined, undefined],
  [{}, {}],
  [{ UserArguments }, UserArguments],
  [{ FunctionArn: worker, UserArguments }, UserArguments],
  [{ FunctionArn: 'worker', UserArguments }, UserArguments],
  [{ FunctionArn: 'worker:2', UserArguments }, UserArguments],
  [{ FunctionArn: 'resize', UserArguments }, undefined],
])('the arguments for the worker in %j are %j', (invoke, expected) => {
  expect(workerArgumentsOf(jobWith(invoke), worker)).toEqual(expected);
});

test.each([
  [[{ pointer: '/level', detail: 'x', code: 'type' }], 'InvalidRequest'],
  [[{ pointer: '/action', detail: 'x', code: 'switchedOff' }], 'NotAllowed'],
  [
    [
      { pointer: '/level', detail: 'x', code: 'type' },
      { pointer: '/action', detail: 'x', code: 'switchedOff' },
    ],
    'NotAllowed',
  ],
])('the faults %j are refused as %s', (faults, name) => {
  const pointers = faults.map(({ pointer }) => `/Operation/LambdaInvoke/UserArguments${pointer}`);
  expect(() => checkWorkerArguments(jobWith({ UserArguments }), worker, () => faults)).toThrow(
    expect.objectContaining({
      name,
      faults: pointers.map((pointer) => expect.objectContaining({ pointer })),
    }),
  );
});

test('arguments without faults, and of other functions, are accepted', () => {
  const faults = [{ pointer: '', detail: 'x', code: 'type' }];
  expect(() => checkWorkerArguments(jobWith({ UserArguments }), worker, () => [])).not.toThrow();
  expect(() => checkWorkerArguments(jobWith({ FunctionArn: 'resize' }), worker, () => faults)).not.toThrow();
});
