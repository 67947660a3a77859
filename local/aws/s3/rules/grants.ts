import { OWNER_ID } from '../core.ts';
import { accessControlListNotSupported, invalidArgument, invalidRequest } from '../errors.ts';
import type { Bucket } from '../store/buckets.ts';
import type { Grant } from '../store/facts.ts';

const GROUPS = ['global/AllUsers', 'global/AuthenticatedUsers', 's3/LogDelivery'] as const;

const groupUri = (name: string) => `http://acs.amazonaws.com/groups/${name}`;

const group = (name: (typeof GROUPS)[number], permission: Grant['permission']): Grant => ({
  grantee: { type: 'Group', id: groupUri(name) },
  permission,
});

const OWNER_GRANT: Grant = { grantee: { type: 'CanonicalUser', id: OWNER_ID }, permission: 'FULL_CONTROL' };

/** The grants of each canned ACL in addition to the owner's grant. All buckets and objects have the same owner, so some ACLs add nothing. */
const CANNED: Record<string, Grant[]> = {
  private: [],
  'public-read': [group('global/AllUsers', 'READ')],
  'public-read-write': [group('global/AllUsers', 'READ'), group('global/AllUsers', 'WRITE')],
  'authenticated-read': [group('global/AuthenticatedUsers', 'READ')],
  'log-delivery-write': [group('s3/LogDelivery', 'WRITE'), group('s3/LogDelivery', 'READ_ACP')],
  'aws-exec-read': [],
  'bucket-owner-read': [],
  'bucket-owner-full-control': [],
};

const GRANT_HEADERS = {
  GrantFullControl: 'FULL_CONTROL',
  GrantRead: 'READ',
  GrantReadACP: 'READ_ACP',
  GrantWrite: 'WRITE',
  GrantWriteACP: 'WRITE_ACP',
} as const;

export type AclInput = { ACL?: string | undefined } & {
  [Name in keyof typeof GRANT_HEADERS]?: string | undefined;
};

/** The grants of an ACL as `ObjectFacts` stores them: absent when only the owner has a grant. */
export const storedAcl = (grants: Grant[]): { acl?: Grant[] } =>
  isOwnersOnly(grants) ? {} : { acl: grants };

export const isOwnerGrant = (grant: Grant | undefined): boolean =>
  grant?.permission === 'FULL_CONTROL' && grant.grantee.id === OWNER_ID;

/** Whether grants give nothing to anyone but the owner. */
export const isOwnersOnly = (grants: readonly Grant[]): boolean => grants.every(isOwnerGrant);

export const grantsOf = (acl: Grant[] | undefined): Grant[] => acl ?? [OWNER_GRANT];

/** The grants in the headers of a request; undefined when the headers have none. */
export function grantsFromHeaders(input: AclInput): Grant[] | undefined {
  const explicit = Object.entries(GRANT_HEADERS).flatMap(([member, permission]) => {
    const header = input[member as keyof typeof GRANT_HEADERS];
    return header === undefined
      ? []
      : header.split(',').map((text) => ({ grantee: granteeOf(text), permission }));
  });
  if (input.ACL === undefined) return explicit.length > 0 ? explicit : undefined;
  if (explicit.length > 0)
    throw invalidRequest('Specifying both Canned ACLs and Header Grants is not allowed');
  const canned = Object.hasOwn(CANNED, input.ACL) ? CANNED[input.ACL] : undefined;
  if (!canned) throw invalidArgument('', 'x-amz-acl', input.ACL);
  return [OWNER_GRANT, ...canned];
}

function granteeOf(text: string): Grant['grantee'] {
  const [, kind = '', id = ''] = /^\s*(\w+)="?([^"]*)"?\s*$/.exec(text) ?? [];
  if (kind === 'id') return { type: 'CanonicalUser', id: checkUserId(id, 'id') };
  if (kind === 'uri') return { type: 'Group', id: checkGroup(id, 'uri') };
  // Only AWS can resolve an e-mail address to an account.
  if (kind === 'emailAddress')
    throw invalidArgument(
      'Grantees by e-mail address are not supported; use id="..."',
      'x-amz-grant',
      text.trim(),
    );
  throw invalidArgument('Argument format not recognized', 'x-amz-grant', text.trim());
}

/** A canonical user id: 64 hexadecimal digits. */
export function checkUserId(id: string, argument: string): string {
  if (!/^[0-9a-f]{64}$/i.test(id)) throw invalidArgument('Invalid id', argument, id);
  return id;
}

/** One of the groups that AWS defines. */
export function checkGroup(uri: string, argument: string): string {
  if (!GROUPS.some((name) => uri === groupUri(name)))
    throw invalidArgument('Invalid group uri', argument, uri);
  return uri;
}

export const isOwnerEnforced = ({ settings }: Pick<Bucket, 'settings'>): boolean =>
  (settings.ownership ?? 'BucketOwnerEnforced') === 'BucketOwnerEnforced';

/** Refuses ACLs in a bucket with `BucketOwnerEnforced`, except ACLs that grant nothing to anyone but the owner. */
export function checkAclAllowed(bucket: Bucket, grants: Grant[] | undefined, canned?: string): void {
  if (grants === undefined || !isOwnerEnforced(bucket)) return;
  if (!isOwnersOnly(grants) || (canned !== undefined && canned !== 'bucket-owner-full-control'))
    throw accessControlListNotSupported();
}

/** The ACL of a new object, as `ObjectFacts` stores it. */
export function newAcl(bucket: Bucket, input: AclInput): { acl?: Grant[] } {
  const grants = grantsFromHeaders(input);
  checkAclAllowed(bucket, grants, input.ACL);
  return grants === undefined ? {} : storedAcl(grants);
}
