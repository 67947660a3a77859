import { AsyncLocalStorage } from 'node:async_hooks';
import * as S3 from '@aws-sdk/client-s3';
import * as S3Control from '@aws-sdk/client-s3-control';
import * as Sfn from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { inProcess } from '../../local/aws/in-process.ts';
import type { Intercept } from '../../local/aws/protocol/action.ts';
import { awsJson } from '../../local/aws/protocol/aws-json.ts';
import { restXml } from '../../local/aws/protocol/rest-xml.ts';
import { createRouter } from '../../local/aws/protocol/router.ts';
import { errorAnswer, publishAnswer, readPublishForm } from '../../local/aws/sns/publish-form.ts';
import { AwsError } from '../../local/core/aws-error.ts';
import type { VirtualClock } from '../../local/core/clock.ts';
import type { WireHandler } from '../../local/core/wire.ts';
import { failCall } from '../../local/faults/call-faults.ts';
import type { Actions, Client, Service, Transport } from './calls.ts';
import type { CallFault } from './faults.ts';

/** The fault of the current call. */
const faults = new AsyncLocalStorage<CallFault | undefined>();

const strike =
  (service: Service): Intercept =>
  (_, act) => {
    const fault = faults.getStore();
    return fault ? failCall(service, fault, act) : act();
  };

const NAMESPACES = {
  s3: 'http://s3.amazonaws.com/doc/2006-03-01/',
  s3control: 'http://awss3control.amazonaws.com/doc/2018-08-20/',
};

/** The wire protocol of SNS Publish. */
const snsWire =
  ({ sns }: Actions): WireHandler =>
  async ({ body }) => {
    const chunks = await Array.fromAsync(body);
    const input = readPublishForm(new Map(new URLSearchParams(Buffer.concat(chunks).toString())));
    try {
      const published = await strike('sns')({ action: 'Publish', input }, () =>
        sns['Publish']?.(input as never),
      );
      return publishAnswer((published as { MessageId: string }).MessageId, 'request');
    } catch (error) {
      if (error instanceof AwsError) return errorAnswer(error, 'request');
      throw error;
    }
  };

function wires(actions: Actions): Record<Service, WireHandler> {
  const xml = (service: 's3' | 's3control') => ({
    namespace: NAMESPACES[service],
    actions: actions[service],
    intercept: strike(service),
  });
  return {
    s3: restXml<typeof S3>({ ...xml('s3'), route: createRouter(S3, { bucketInPath: true }) }),
    s3control: restXml<typeof S3Control>({ ...xml('s3control'), route: createRouter(S3Control) }),
    states: awsJson({
      model: Sfn,
      target: 'AWSStepFunctions',
      actions: actions.states,
      intercept: strike('states'),
    }),
    sns: snsWire(actions),
  };
}

/** Calls the models through the SDK's clients and their wire protocol, without a socket. */
export function sdkTransport(actions: Actions, clock: VirtualClock): Transport {
  const handlers = wires(actions);
  const settings = (service: Service) => ({
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    endpoint: 'http://localhost',
    requestHandler: inProcess(handlers[service]),
  });
  const clients = {
    s3: new S3.S3Client({ ...settings('s3'), forcePathStyle: true }),
    s3control: new S3Control.S3ControlClient({
      ...settings('s3control'),
      endpointProvider: () => ({ url: new URL('http://localhost') }),
    }),
    states: new Sfn.SFNClient(settings('states')),
    sns: new SNSClient(settings('sns')),
  } as unknown as Record<Service, Client>;
  return (service, command, fault) =>
    faults.run(fault, () => clock.busy(() => clients[service].send(command)));
}
