import { S3Client } from '@aws-sdk/client-s3';
import { S3ControlClient } from '@aws-sdk/client-s3-control';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { inProcess } from '../../local/aws/in-process.ts';
import type { Envelope } from '../../local/aws/sns/envelope.ts';
import { turn, type VirtualClock, virtualClock } from '../../local/core/clock.ts';
import { createRandom } from '../../local/core/random.ts';
import { createServices, type Services } from '../../local/services.ts';
import { openDatabase } from '../../local/store/database.ts';
import { definitionOf, fakeLambda, type Handlers, ROLE_ARN, START, type States } from './states.ts';

export const TOPIC = 'arn:aws:sns:us-east-1:000000000000:notices';

/** All services of a stack with the bucket `data`, one topic and one state machine named `test`, on a virtual clock. */
export async function startServices({
  handlers = {},
  states = { Done: { Type: 'Succeed' } },
}: {
  handlers?: Handlers;
  states?: States;
} = {}) {
  const clock: VirtualClock = virtualClock(START);
  const log: string[] = [];
  const notices: Envelope[] = [];
  const services = createServices({
    definition: {
      functions: [],
      routes: [],
      rules: [],
      stateMachines: [{ name: 'test', definition: definitionOf(states), roleArn: ROLE_ARN }],
      topics: [TOPIC],
      buckets: ['data'],
      mails: [],
      parameters: {},
      changedParameters: [],
    },
    database: openDatabase(),
    lambda: fakeLambda(handlers),
    clock,
    random: createRandom('services'),
    log: (line) => log.push(line),
    onNotice: (notice) => notices.push(notice),
  });
  await services.start();
  return { ...services, ...clientsOf(services), clock, log, notices };
}

/** Real clients without a socket; each call is made once. */
export function clientsOf({ aws }: Pick<Services, 'aws'>, maxAttempts = 1) {
  const common = { requestHandler: inProcess(aws), region: 'us-east-1', maxAttempts };
  const endpoint = 'http://localhost';
  return {
    s3: new S3Client({ ...common, endpoint, forcePathStyle: true }),
    s3control: new S3ControlClient({ ...common, endpointProvider: () => ({ url: new URL(endpoint) }) }),
    states: new SFNClient({ ...common, endpoint }),
    secrets: new SecretsManagerClient({ ...common, endpoint }),
    sns: new SNSClient({ ...common, endpoint }),
  };
}

/** Runs everything that needs no time of the clock. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn();
}

/** The error of a call: its name, and its HTTP status if there was an answer. */
export const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    ({ name, code, $metadata }: Error & { code?: string; $metadata?: { httpStatusCode?: number } }) =>
      code ?? `${name} ${$metadata?.httpStatusCode}`,
  );
