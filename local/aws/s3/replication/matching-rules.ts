import type { ReplicationConfiguration, ReplicationRule } from '@aws-sdk/client-s3';
import { type ObjectVersion, tagsOf } from '../store/version.ts';

const isEnabled = (setting: { Status?: string | undefined } | undefined) => setting?.Status === 'Enabled';

/** The prefix and tags in the filter of a rule. */
function conditionsOf({ Filter: filter, Prefix }: ReplicationRule) {
  const tags = filter?.And?.Tags ?? (filter?.Tag ? [filter.Tag] : []);
  return { prefix: filter?.And?.Prefix ?? filter?.Prefix ?? Prefix ?? '', tags };
}

function matches(rule: ReplicationRule, version: ObjectVersion): boolean {
  const { prefix, tags } = conditionsOf(rule);
  const present = new Map(tagsOf(version).map(({ Key, Value }) => [Key, Value]));
  const encrypted = version.facts.encryption?.algorithm.startsWith('aws:kms') === true;
  return (
    isEnabled(rule) &&
    version.key.startsWith(prefix) &&
    tags.every(({ Key = '', Value = '' }) => present.get(Key) === Value) &&
    (!encrypted || isEnabled(rule.SourceSelectionCriteria?.SseKmsEncryptedObjects)) &&
    (!version.isDeleteMarker || (tags.length === 0 && isEnabled(rule.DeleteMarkerReplication)))
  );
}

/**
 * The rules that match a version: for each destination, the one with the highest priority. Rules also match replicas,
 * which are only replicated on demand.
 */
export function rulesFor(
  configuration: ReplicationConfiguration | undefined,
  version: ObjectVersion,
): ReplicationRule[] {
  const rules = (configuration?.Rules ?? []).filter((rule) => matches(rule, version));
  const byPriority = rules.sort((a, b) => (b.Priority ?? 0) - (a.Priority ?? 0));
  return byPriority.filter(
    ({ Destination }, index) =>
      byPriority.findIndex((other) => other.Destination?.Bucket === Destination?.Bucket) === index,
  );
}
