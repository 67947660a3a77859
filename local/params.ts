/**
 * Defaults of the allow-lists of serverless.yml on one machine: every bucket, function and key, because all data is the
 * user's own. The other parameters keep their deployed defaults.
 */
export const LOCAL_PARAMS: Readonly<Record<string, string>> = {
  dataBuckets: '*',
  functions: '*',
  kmsKeys: '*',
  webhooks: '*',
};

/** Parameters that change nothing on one machine: no stand-in has what they are about. */
export const WITHOUT_EFFECT: readonly string[] = [
  'alarmEmail',
  'costTags',
  'logExecutionData',
  'logRetentionDays',
  'monthlyBudgetUsd',
  'reportRetentionDays',
  'requestBurst',
  'requestsPerSecond',
  'tracing',
  'workerConcurrency',
];
