import { GetObjectAclCommand, type Grant } from '@aws-sdk/client-s3';
import type { ObjectVersion } from '../../worker/contract.ts';
import { s3Client } from '../clients.ts';
import { targetOf } from './target.ts';

const members = {
  FULL_CONTROL: 'GrantFullControl',
  READ: 'GrantRead',
  READ_ACP: 'GrantReadACP',
  WRITE_ACP: 'GrantWriteACP',
} as const;

/** The members of a write request that keep the ACL of an object; none if only the owner has access. */
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
