import { join } from 'node:path';
import type { Envelope } from './aws/sns/envelope.ts';
import { realClock } from './core/clock.ts';
import { createRandom, type Random } from './core/random.ts';
import { claimDataDir } from './data-dir.ts';
import { openDoor } from './door.ts';
import type { Faults } from './faults/faults.ts';
import { LOCAL_PARAMS } from './params.ts';
import { readServerlessYml } from './serverless-yml.ts';
import { createServices } from './services.ts';
import { openFunctionLog, startFunctions } from './start-functions.ts';
import { openDatabase } from './store/database.ts';

export interface StackOptions {
  /** Of the HTTP API; 0, the default, takes a free one. */
  apiPort?: number;
  /** Of the AWS endpoint; 0, the default, takes a free one. */
  awsPort?: number;
  /** Folder of the durable state; without one all is kept in memory. */
  dataDir?: string;
  /** How much faster than real the workflow's waits pass; default 1. */
  speed?: number;
  /** Parameters of serverless.yml, as `--param name=value` would set them, over those of `params.ts`. */
  params?: Readonly<Record<string, string>>;
  random?: Random;
  /** Takes lines on what happens: status changes of jobs, functions that failed. */
  log?: (line: string) => void;
  onNotice?: (notice: Envelope) => void;
}

export interface Stack {
  /** Base URLs, without a slash at the end. */
  apiUrl: string;
  awsUrl: string;
  /** Of the stack's own buckets. */
  buckets: readonly string[];
  /** Faults on demand, for tests; also at `/_bucket-brigade/faults` of `awsUrl`. */
  faults: Faults;
  stop(): Promise<void>;
}

const SERVERLESS_YML = join(import.meta.dirname, '../serverless.yml');

/**
 * Starts the deployed stack in this process, as serverless.yml describes it. Rejects with one clear line when a port or
 * the state is in use, or when the stack has something that is not implemented here.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { apiPort = 0, awsPort = 0, dataDir, log = () => {} } = options;
  const undo: (() => unknown)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const api = await openDoor('PORT', apiPort, log);
    undo.push(api.close);
    const aws = await openDoor('AWS_PORT', awsPort, log);
    undo.push(aws.close);
    if (dataDir !== undefined) undo.push(claimDataDir(dataDir).release);
    const database = openDatabase(dataDir);
    undo.push(database.close);

    const apiUrl = `http://localhost:${api.port}`;
    const { params = {}, speed = 1, random = createRandom(), onNotice } = options;
    const definition = readServerlessYml({
      file: SERVERLESS_YML,
      apiUrl,
      params: { ...LOCAL_PARAMS, ...params },
    });
    const limits = realClock();
    const functionLog = openFunctionLog(dataDir, log);
    undo.push(functionLog.close);
    const lambda = await startFunctions(definition, aws.port, limits, random, functionLog.write);
    undo.push(lambda.close);
    const services = createServices({
      ...{ definition, database, lambda, limits, random, log },
      clock: realClock(speed),
      ...(onNotice && { onNotice }),
    });
    undo.push(services.stop);
    aws.open(services.aws); // before the start: functions that go on where they were need their AWS
    await services.start();
    api.open(services.api);
    undo.push(api.shut);
    return {
      apiUrl,
      awsUrl: `http://localhost:${aws.port}`,
      buckets: definition.buckets,
      faults: services.faults,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
