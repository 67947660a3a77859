import { Logger } from '@aws-lambda-powertools/logger';

/** The one logger. Object keys, tags, arguments and result strings never go in at info or above. */
export const logger = new Logger({ serviceName: 'bucket-brigade' });
