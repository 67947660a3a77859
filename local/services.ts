import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { createEndpoint } from './aws/endpoint.ts';
import { inProcess } from './aws/in-process.ts';
import { createS3 } from './aws/s3/s3.ts';
import { createS3Control } from './aws/s3control/s3control.ts';
import { createSecrets } from './aws/secrets/secrets.ts';
import type { Envelope } from './aws/sns/envelope.ts';
import { createSns } from './aws/sns/sns.ts';
import { createStates } from './aws/states/states.ts';
import { createBatch } from './batch/batch.ts';
import { createControl } from './control.ts';
import { REGION } from './core/account.ts';
import type { Clock } from './core/clock.ts';
import type { Random } from './core/random.ts';
import type { WireHandler } from './core/wire.ts';
import { createEventBus } from './events/event-rules.ts';
import { createBatchFaults } from './faults/batch-faults.ts';
import { callFaults } from './faults/call-faults.ts';
import { createFaultControl } from './faults/control.ts';
import { createFaults, type Faults } from './faults/faults.ts';
import { lambdaWithFaults } from './faults/lambda-faults.ts';
import { createGateway } from './gateway/gateway.ts';
import type { Lambda } from './lambda/lambda.ts';
import type { StackDefinition } from './serverless-yml.ts';
import type { StatusChangeEvent } from './states/calls/status-change.ts';
import { createStateMachines } from './states/state-machines.ts';
import type { Database } from './store/database.ts';

export interface ServicesOptions {
  definition: StackDefinition;
  database: Database;
  lambda: Lambda;
  clock: Clock;
  /** Clock for time limits, because the waits of `clock` may be shortened. Default: `clock`. */
  limits?: Clock;
  random: Random;
  log?: (line: string) => void;
  onNotice?: (notice: Envelope) => void;
  /** Called for each execution that starts or ends. */
  onExecution?: (event: StatusChangeEvent) => void;
  /** Highest number of tasks per second of a job. Default: no limit. */
  tasksPerSecond?: number;
}

/** All services of the stack, connected to each other, without a socket. */
export interface Services {
  /** The HTTP API. */
  api: WireHandler;
  /** The AWS services. */
  aws: WireHandler;
  /** Faults on demand, for tests. */
  faults: Faults;
  /** Makes the buckets of the template and resumes the jobs and executions of an earlier process. */
  start(): Promise<void>;
  /** Stops everything. Resolves when the database may be closed. */
  stop(): Promise<void>;
}

export function createServices(options: ServicesOptions): Services {
  const { definition, database, clock, limits = clock, random, log = () => {} } = options;
  const { onNotice, onExecution, tasksPerSecond: pace } = options;
  const { stateMachines: machines, topics, routes, buckets, mails } = definition;
  const common = { database, clock, random, log };
  const faults = createFaults({ clock: limits, random, log });
  const lambda = lambdaWithFaults(options.lambda, faults, random);
  const s3 = createS3({ ...common, intercept: callFaults(faults, 's3') });
  const batch = createBatch({
    ...common,
    objects: s3.objects,
    lambda,
    faults: createBatchFaults(faults),
    ...(pace && { pace }),
  });
  const sns = createSns({
    ...common,
    topics,
    mails,
    intercept: callFaults(faults, 'sns'),
    ...(onNotice && { onNotice }),
  });
  const events = createEventBus({ rules: definition.rules, lambda, clock, log });
  const stateMachines = createStateMachines({
    ...common,
    limits,
    lambda,
    publish: sns.publish,
    machines,
    onStatusChange: (event) => {
      onExecution?.(event);
      events.put(event);
    },
  });
  return {
    api: createGateway({ ...common, routes, lambda }),
    aws: createEndpoint({
      s3: s3.handle,
      s3control: createS3Control({ batch, intercept: callFaults(faults, 's3control'), random, log }).handle,
      states: createStates({ stateMachines, intercept: callFaults(faults, 'states'), log }).handle,
      secrets: createSecrets(common).handle,
      messages: sns.handle,
      control: createControl({ notices: sns.notices, faults: createFaultControl(faults) }),
    }),
    faults,
    async start() {
      for (const bucket of buckets) {
        if (!(await s3.objects.bucketExists(bucket))) await createBucket(s3.handle, bucket);
      }
      batch.start();
      stateMachines.resume();
    },
    async stop() {
      faults.clear();
      events.stop();
      await stateMachines.stop();
      await batch.stop();
      await sns.stop();
    },
  };
}

async function createBucket(handle: WireHandler, bucket: string) {
  const client = new S3Client({
    region: REGION,
    endpoint: 'http://localhost',
    forcePathStyle: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: inProcess(handle),
  });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
}
