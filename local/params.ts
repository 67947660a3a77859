/**
 * What the lists of serverless.yml hold on one machine: every bucket, function and key, because nothing here is worth
 * keeping anybody away from. The switches stay as they are deployed.
 */
export const LOCAL_PARAMS: Readonly<Record<string, string>> = {
  dataBuckets: '*',
  functions: '*',
  kmsKeys: '*',
  webhooks: '*',
};
