import { type Fault, KnownError } from '../../core/errors.ts';

export interface JobTag {
  Key: string;
  Value: string;
}

/** Keys with this prefix belong to this service: callers can neither read nor change them. */
const OUR_PREFIX = 'bucket-brigade:';

const isOurs = ({ Key }: JobTag) => Key.startsWith(OUR_PREFIX);

export const callersTags = (tags: readonly JobTag[]): JobTag[] => tags.filter((tag) => !isOurs(tag));

/** The caller's new tags, and the service's tags that the job has. */
export const withOurTags = (callers: readonly JobTag[], present: readonly JobTag[]): JobTag[] => [
  ...callers,
  ...present.filter(isOurs),
];

/** Throws InvalidRequest when a key occurs twice. */
export function checkTags(tags: JobTag[]): JobTag[] {
  const faults = duplicateKeyFaults('/Tags', tags);
  if (faults.length === 0) return tags;
  throw new KnownError('InvalidRequest', 'Tag keys must be unique.', { faults });
}

/** A fault for each tag that repeats the key of an earlier one. */
export function duplicateKeyFaults(pointer: string, tags: readonly { Key: string }[] = []): Fault[] {
  return tags.flatMap(({ Key }, index) =>
    tags.findIndex((other) => other.Key === Key) < index
      ? [
          {
            pointer: `${pointer}/${index}/Key`,
            detail: `the key ${Key} occurs twice; tag keys must be unique`,
            code: 'uniqueKeys',
          },
        ]
      : [],
  );
}
