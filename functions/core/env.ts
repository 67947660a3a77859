/**
 * Every environment variable that the functions read; nothing else in `functions/` reads `process.env`. A packaged bundle
 * sets those that are known when packaging at its end, so they must be read in a handler, not when a module is loaded.
 */
function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`environment variable ${name} is not set`);
  return value;
}

const optional = (name: string) => process.env[name] ?? '';

/** A list of buckets that defaults to the data buckets. */
const bucketsOrData = (name: string) => (optional(name) || required('DATA_BUCKETS')).split(',');

export const env = {
  /** Twelve digits. */
  accountId: () => required('ACCOUNT_ID'),
  region: () => required('AWS_REGION'),
  stateMachineArn: () => required('STATE_MACHINE_ARN'),
  /** Name of the bucket for manifests and reports. */
  stackBucket: () => required('STACK_BUCKET'),
  /** ARNs of the roles that a job may run under; the first is the default. */
  batchRoleArns: () => required('BATCH_ROLE_ARNS').split(','),
  workerArn: () => required('WORKER_FUNCTION_ARN'),
  /** What callers may name: patterns, or names. */
  dataBuckets: () => required('DATA_BUCKETS').split(','),
  manifestBuckets: () => bucketsOrData('MANIFEST_BUCKETS'),
  reportBuckets: () => bucketsOrData('REPORT_BUCKETS'),
  targetBuckets: () => bucketsOrData('TARGET_BUCKETS'),
  functionNames: () => required('FUNCTION_NAMES').split(','),
  kmsKeys: () => optional('KMS_KEYS').split(',').filter(Boolean),
  /** Patterns of hosts, or of hosts and paths. */
  webhooks: () => optional('WEBHOOKS').split(',').filter(Boolean),
  /** Name of the secret with which webhooks are signed. */
  webhookSecret: () => optional('WEBHOOK_SECRET'),
  /** Empty for all. */
  operations: () => optional('OPERATIONS').split(',').filter(Boolean),
  maxPriority: () => Number(required('MAX_PRIORITY')),
  /** The most objects that one retry may run again. */
  maxRetryObjects: () => Number(required('MAX_RETRY_OBJECTS')),
  complianceRetention: () => required('COMPLIANCE_RETENTION') === 'true',
  governanceBypass: () => required('GOVERNANCE_BYPASS') === 'true',
  publicGrants: () => required('PUBLIC_GRANTS') === 'true',
  /** Base URL of this API, without a slash at the end. */
  apiUrl: () => required('API_URL'),
  topicArn: () => required('TOPIC_ARN'),
  /** Who shares job requests: `deployment`, `principal`, or `claim:NAME` of the JWT. */
  tenancy: () => required('TENANCY'),
  /** Whether to keep and log who makes a change. */
  recordsCallers: () => optional('RECORD_CALLERS') === 'true',
  /** Tenants that may list the jobs of the whole account. */
  accountScopeTenants: () => optional('ACCOUNT_SCOPE_TENANTS').split(',').filter(Boolean),
  /** Actions of the worker that are off by default and are switched on here. */
  enabledActions: () => optional('WORKER_ACTIONS').split(',').filter(Boolean),
  /** The standard endpoint variables of the SDKs, set only for local stand-ins. */
  awsEndpointUrl: (service: 'S3' | 'S3_CONTROL') =>
    process.env[`AWS_ENDPOINT_URL_${service}`] ?? process.env['AWS_ENDPOINT_URL'],
};
