import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { logger } from './logger.ts';

/**
 * The chain of every function that Step Functions or EventBridge calls. One that is out of time is ended by Lambda,
 * which the state machine knows as an error of Lambda's; middy's own error would have a name that nothing retries.
 */
export const eventHandler = <Event, Result>(act: (event: Event) => Promise<Result>) =>
  middy<Event, Result>({ timeoutEarlyInMillis: 0 })
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .handler(act);
