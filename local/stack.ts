import { join } from 'node:path';
import type { Envelope } from './aws/sns/envelope.ts';
import { withConsole } from './console.ts';
import { realClock } from './core/clock.ts';
import { createRandom, type Random } from './core/random.ts';
import { claimDataDir } from './data-dir.ts';
import { openDoor } from './door.ts';
import type { Faults } from './faults/faults.ts';
import { openFunctionLog } from './function-log.ts';
import { LOCAL_PARAMS, WITHOUT_EFFECT } from './params.ts';
import { readServerlessYml, type StackDefinition } from './serverless-yml.ts';
import { createServices } from './services.ts';
import { startFunctions } from './start-functions.ts';
import { openDatabase } from './store/database.ts';

export interface StackOptions {
  /** Port of the HTTP API. Default: 0, a free one. */
  apiPort?: number;
  /** Port of the AWS endpoint. Default: 0, a free one. */
  awsPort?: number;
  /** Folder of the durable state. Without one, the state is kept in memory. */
  dataDir?: string;
  /** By how much the waits of the workflow are shortened. Default: 1. */
  speed?: number;
  /** `stages/STAGE.yml` has its parameters, and all names contain it. Default: `local`. */
  stage?: string;
  /** Parameters of serverless.yml, as `--param name=value` sets them. */
  params?: Readonly<Record<string, string>>;
  random?: Random;
  /** Gets one line per event, such as a status change of a job or a failed function. */
  log?: (line: string) => void;
  onNotice?: (notice: Envelope) => void;
}

export interface Stack {
  /** Base URLs, without a slash at the end. */
  apiUrl: string;
  awsUrl: string;
  /** Names of the stack's own buckets. */
  buckets: readonly string[];
  /** Faults on demand, for tests; also at `/_bucket-brigade/faults` of `awsUrl`. */
  faults: Faults;
  stop(): Promise<void>;
}

const SERVERLESS_YML = join(import.meta.dirname, '../serverless.yml');

/** Refuses what packaging refuses, with the same words. */
async function checkParameters({ parameters }: StackDefinition): Promise<void> {
  const { parameterFaults } = await import('../tools/parameters.ts');
  const faults = parameterFaults(parameters);
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

/**
 * Starts the stack of serverless.yml in this process. Rejects with a one-line message when a port or the state is in
 * use, or when serverless.yml has something that is not implemented here.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { apiPort = 0, awsPort = 0, dataDir, log = () => {} } = options;
  const undo: (() => unknown)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    // First, because a process that is about to end also still has the ports.
    if (dataDir !== undefined) undo.push((await claimDataDir(dataDir, realClock())).release);
    const api = await openDoor('PORT', apiPort, log);
    undo.push(api.close);
    const aws = await openDoor('AWS_PORT', awsPort, log);
    undo.push(aws.close);
    const database = openDatabase(dataDir);
    undo.push(database.close);

    const apiUrl = `http://localhost:${api.port}`;
    const { stage = 'local', params = {}, speed = 1, random = createRandom(), onNotice } = options;
    const definition = readServerlessYml({
      file: SERVERLESS_YML,
      apiUrl,
      stage,
      params,
      paramDefaults: LOCAL_PARAMS,
    });
    await checkParameters(definition);
    const ignored = WITHOUT_EFFECT.filter((name) => definition.changedParameters.includes(name));
    if (ignored.length > 0)
      log(
        `without effect on this machine: ${ignored.join(', ')}. It has no alarms, dashboard, traces, request limits or bills, and keeps logs and reports.`,
      );
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
    aws.open(services.aws); // before the start: resumed executions need the AWS services
    await services.start();
    const page = withConsole(services.api, apiUrl);
    undo.push(page.close);
    api.open(page.handle);
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
