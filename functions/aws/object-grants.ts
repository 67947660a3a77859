import { GetObjectAclCommand, type Grant } from '@aws-sdk/client-s3';
import { s3Client } from './clients.ts';
import { type ObjectVersion, targetOf } from './object-target.ts';

const members = {
  FULL_CONTROL: 'GrantFullControl',
  READ: 'GrantRead',
  READ_ACP: 'GrantReadACP',
  WRITE_ACP: 'GrantWriteACP',
} as const;

/** The ACL of an object as the members of a write that keep it; none when nobody but the owner has a right. */
export async function grantsOf(
  object: ObjectVersion,
  abortSignal: AbortSignal,
): Promise<Record<string, string>> {
  const { Owner, Grants = [] } = await s3Client().send(new GetObjectAclCommand(targetOf(object)), {
    abortSignal,
  });
  if (Grants.every(({ Grantee }) => Grantee?.ID !== undefined && Grantee.ID === Owner?.ID)) return {};
  const given = Object.entries(members).map(([permission, member]) => [
    member,
    Grants.filter((grant) => grant.Permission === permission)
      .map(granteeOf)
      .join(', '),
  ]);
  return Object.fromEntries(given.filter(([, grantees]) => grantees !== ''));
}

const granteeOf = ({ Grantee }: Grant) =>
  Grantee?.URI === undefined ? `id="${Grantee?.ID}"` : `uri="${Grantee.URI}"`;
