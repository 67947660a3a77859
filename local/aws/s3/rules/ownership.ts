import { invalidArgumentNamed } from '../errors.ts';

const OWNERSHIPS = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'] as const;

/** One of the three object ownership settings; undefined for another name. */
export const findOwnership = (name: string | undefined) => OWNERSHIPS.find((known) => known === name);

/** The object ownership in the header of CreateBucket. */
export function ownershipFromHeader(header: string): (typeof OWNERSHIPS)[number] {
  const ownership = findOwnership(header);
  if (!ownership)
    throw invalidArgumentNamed(`Invalid x-amz-object-ownership header: ${header}`, 'x-amz-object-ownership');
  return ownership;
}
