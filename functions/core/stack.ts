import { env } from './env.ts';

/** The deployment as its configuration has it: what is put where callers say nothing, and what they may name. */
export const stackSettings = () => ({
  accountId: env.accountId(),
  region: env.region(),
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
  publicGrants: env.publicGrants(),
  enabledActions: env.enabledActions(),
});
