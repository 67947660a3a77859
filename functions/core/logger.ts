import { Logger } from '@aws-lambda-powertools/logger';

/** The one logger. Object keys, tags, arguments and result strings are logged at debug only. */
export const logger = new Logger({ serviceName: 'bucket-brigade' });
