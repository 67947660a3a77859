import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { logger } from './logger.ts';

/**
 * The middleware of every function that Step Functions or EventBridge calls. Lambda ends a function that runs out of
 * time, and the state machine retries that error. middy would throw an error earlier, which the state machine does not
 * retry; `timeoutEarlyInMillis: 0` turns this off.
 */
export const eventHandler = <Event, Result>(act: (event: Event, context: Context) => Promise<Result>) =>
  middy<Event, Result>({ timeoutEarlyInMillis: 0 })
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .handler(act);
