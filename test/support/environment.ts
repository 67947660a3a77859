// Runs before each test file: quiet logs, and nothing but this machine can be reached.
import { allowLoopbackOnly } from './loopback-only.ts';

allowLoopbackOnly();
process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';
process.env['POWERTOOLS_METRICS_DISABLED'] = 'true';
process.env['AWS_REGION'] = 'us-east-1';
process.env['AWS_ACCESS_KEY_ID'] = 'local';
process.env['AWS_SECRET_ACCESS_KEY'] = 'local';
