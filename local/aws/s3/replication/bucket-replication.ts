import type { ReplicationRule } from '@aws-sdk/client-s3';
import { bucketOf, type S3Action, type S3Core } from '../core.ts';
import { invalidArgument, invalidRequest, malformedXml, noReplicationConfiguration } from '../errors.ts';

export const getBucketReplication =
  (s3: S3Core): S3Action<'GetBucketReplication'> =>
  (input) => {
    const { name, settings } = bucketOf(s3, input);
    if (!settings.replication) throw noReplicationConfiguration(name);
    return { ReplicationConfiguration: settings.replication };
  };

export const putBucketReplication =
  (s3: S3Core): S3Action<'PutBucketReplication'> =>
  (input) => {
    const bucket = bucketOf(s3, input);
    const { Role, Rules: rules = [] } = input.ReplicationConfiguration ?? { Role: undefined };
    if (rules.length === 0) throw malformedXml();
    if (bucket.settings.versioning !== 'Enabled')
      throw invalidRequest("Versioning must be 'Enabled' on the bucket to apply a replication configuration");
    for (const rule of rules) checkRule(s3, rule);
    const ids = rules.flatMap(({ ID }) => (ID === undefined ? [] : [ID]));
    if (new Set(ids).size < ids.length)
      throw invalidArgument(
        'Rule Id must be unique',
        'ID',
        ids.find((id, index) => ids.indexOf(id) < index) ?? '',
      );
    const named = rules.map((rule) => ({ ...rule, ID: rule.ID ?? s3.random.uuid() }));
    s3.database.transaction(() => s3.buckets.change(bucket, { replication: { Role, Rules: named } }));
    return {};
  };

export const deleteBucketReplication =
  (s3: S3Core): S3Action<'DeleteBucketReplication'> =>
  (input) => {
    const bucket = bucketOf(s3, input);
    s3.database.transaction(() => s3.buckets.clear(bucket, 'replication'));
    return {};
  };

/** Checks a rule. Its destination must be a local bucket with versioning enabled. */
function checkRule(
  s3: S3Core,
  { Status: status, Destination: destination, Filter: filter }: ReplicationRule,
) {
  if (status !== 'Enabled' && status !== 'Disabled') throw malformedXml();
  const name = /^arn:aws[\w-]*:s3:::([^/]+)$/.exec(destination?.Bucket ?? '')?.[1];
  if (name === undefined) throw invalidArgument('Invalid bucket ARN.', 'Bucket', destination?.Bucket ?? '');
  if ([filter?.Prefix, filter?.Tag, filter?.And].filter((one) => one !== undefined).length > 1)
    throw malformedXml();
  const bucket = s3.buckets.get(name);
  if (!bucket) throw invalidRequest('Destination bucket must exist.');
  if (bucket.settings.versioning !== 'Enabled')
    throw invalidRequest('Destination bucket must have versioning enabled.');
}
