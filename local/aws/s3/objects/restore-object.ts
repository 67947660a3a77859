import { AwsError } from '../../../core/aws-error.ts';
import type { S3Action, S3Core, S3Input } from '../core.ts';
import { invalidArgument, invalidObjectState, malformedXml, restoreInProgress } from '../errors.ts';
import { restoreState } from '../rules/restore.ts';
import { STANDARD } from '../rules/storage-class.ts';
import { findVersion } from '../rules/versions.ts';
import type { ObjectFacts } from '../store/facts.ts';

const MS_PER_HOUR = 60 * 60 * 1000;

type Tiers = Readonly<Record<string, number>>;

/** The duration of a restore by tier, fastest first. S3 documents ranges; these are the longest times. */
const TIERS: Record<string, Tiers> = {
  GLACIER: { Expedited: MS_PER_HOUR / 12, Standard: 5 * MS_PER_HOUR, Bulk: 12 * MS_PER_HOUR },
  DEEP_ARCHIVE: { Standard: 12 * MS_PER_HOUR, Bulk: 48 * MS_PER_HOUR },
};

type Restore = NonNullable<ObjectFacts['restore']>;

/** Answers 202 if a restore starts or gets a faster tier, 200 if a restored copy gets a new expiry date. */
export const restoreObject =
  (s3: S3Core): S3Action<'RestoreObject'> =>
  (input, { response }) => {
    const { version } = findVersion(s3, input, response.headers, 'POST');
    const { facts } = version;
    const storageClass = facts.storageClass ?? STANDARD;
    const { days, tier, takesMs } = wanted(storageClass, input);
    const requested = s3.clock.now();
    const state = restoreState(s3, facts);
    let ready = state === 'restored' ? requested : requested + takesMs;
    if (state === 'ongoing' && facts.restore) {
      checkSpeedUp(facts.restore, days, takesMs, TIERS[storageClass]);
      ready = Math.min(ready, facts.restore.ready);
    }
    const restore = { requested, ready, days, tier };
    s3.database.transaction(() => s3.objects.changeFacts(version, { ...facts, restore }));
    if (state !== 'restored') response.status = 202;
    return {};
  };

function wanted(storageClass: string, { RestoreRequest: request = {} }: S3Input<'RestoreObject'>) {
  if (request.Type !== undefined || request.SelectParameters || request.OutputLocation)
    throw new AwsError('NotImplemented', 501, 'A restore with a query (S3 Select) is not implemented.');
  const { Days: days } = request;
  if (storageClass === 'INTELLIGENT_TIERING' && days !== undefined)
    throw invalidArgument(
      'INTELLIGENT_TIERING objects are not subject to restore expiry. Do not specify Days when restoring this object',
      'Days',
      String(days),
    );
  const tiers = TIERS[storageClass];
  if (!tiers)
    throw invalidObjectState(storageClass, "Restore is not allowed for the object's current storage class");
  if (days === undefined) throw malformedXml();
  if (!Number.isInteger(days) || days < 1)
    throw invalidArgument('restoration days should be at least 1', 'Days', String(days));
  const tier = request.GlacierJobParameters?.Tier ?? request.Tier ?? 'Standard';
  const takesMs = tiers[tier];
  if (takesMs === undefined)
    throw invalidArgument('Retrieval option is not supported by this storage class', 'Tier', tier);
  return { days, tier, takesMs };
}

/** A request during a restore can only choose a faster tier; everything else must stay the same. */
function checkSpeedUp(present: Restore, days: number, takesMs: number, tiers: Tiers = {}) {
  const isFaster = takesMs < (tiers[present.tier] ?? 0);
  if (days !== present.days || !isFaster) throw restoreInProgress();
}
