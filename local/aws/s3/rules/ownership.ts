import { invalidArgument } from '../errors.ts';

const OWNERSHIPS = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'] as const;

/** Throws unless the name is one of the three object ownership settings. */
export function checkOwnership(name: string): (typeof OWNERSHIPS)[number] {
  const ownership = OWNERSHIPS.find((known) => known === name);
  if (!ownership)
    throw invalidArgument('Invalid x-amz-object-ownership header', 'x-amz-object-ownership', name);
  return ownership;
}
