import { devNull } from 'node:os';
import { join } from 'node:path';
import { ensureBundles } from './bundles.ts';
import { REGION } from './core/account.ts';
import type { Clock } from './core/clock.ts';
import type { Random } from './core/random.ts';
import { createLambda, type LambdaRunner } from './lambda/runner.ts';
import type { StackDefinition } from './serverless-yml.ts';

/** Prepares the functions of the stack. They use the AWS endpoint on `awsPort`. */
export async function startFunctions(
  { functions }: StackDefinition,
  awsPort: number,
  clock: Clock,
  random: Random,
  onLog: (functionName: string, text: string) => void,
): Promise<LambdaRunner> {
  const bundles = await ensureBundles();
  const environment = sdkEnvironment(awsPort);
  return createLambda({
    clock,
    random,
    onLog,
    functions: functions.map(({ bundle, ...definition }) => ({
      ...definition,
      file: join(bundles, bundle, 'index.mjs'),
      environment: { ...environment, ...definition.environment },
    })),
  });
}

/** Makes the SDK in a function call this stack and ignore the user's own AWS settings. */
const sdkEnvironment = (awsPort: number) => ({
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_ENDPOINT_URL: `http://127.0.0.1:${awsPort}`,
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
});
