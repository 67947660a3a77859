import { env } from './env.ts';

/** The settings of the deployment: defaults for members that callers leave out, and what callers may name. */
export const stackSettings = (tenantMark: string) => ({
  tenantMark,
  accountId: env.accountId(),
  region: env.region(),
  apiUrl: env.apiUrl(),
  bucket: env.stackBucket(),
  roleArns: env.batchRoleArns(),
  workerArn: env.workerArn(),
  dataBuckets: env.dataBuckets(),
  manifestBuckets: env.manifestBuckets(),
  reportBuckets: env.reportBuckets(),
  targetBuckets: env.targetBuckets(),
  functionNames: env.functionNames(),
  kmsKeys: env.kmsKeys(),
  webhooks: env.webhooks(),
  operations: env.operations(),
  maxPriority: env.maxPriority(),
  complianceRetention: env.complianceRetention(),
  governanceBypass: env.governanceBypass(),
  publicGrants: env.publicGrants(),
  enabledActions: env.enabledActions(),
});
