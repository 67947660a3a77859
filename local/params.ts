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
