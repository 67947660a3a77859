import type { AccessControlPolicy, Grant } from '@aws-sdk/client-s3';
import type { S3AccessControlList, S3Grant, S3SetObjectAclOperation } from '@aws-sdk/client-s3-control';
import type { ObjectAcl } from '../object-actions.ts';
import type { ObjectStore } from '../object-store.ts';
import { objectOperation } from './object-operation.ts';
import type { Operation } from './operation.ts';

/** Replaces the ACL of the object by a canned ACL or by a list of grants. */
export function putObjectAcl(objects: ObjectStore, operation: S3SetObjectAclOperation): Operation {
  const { AccessControlList: list, CannedAccessControlList: canned } = operation.AccessControlPolicy ?? {};
  const acl: ObjectAcl = {
    ...(canned !== undefined && { ACL: canned }),
    ...(list && { AccessControlPolicy: toPolicy(list) }),
  };
  return objectOperation((task) => objects.putObjectAcl(task, acl));
}

const toPolicy = ({ Owner, Grants = [] }: S3AccessControlList): AccessControlPolicy => ({
  Owner: Owner && { ID: Owner.ID },
  Grants: Grants.map(toGrant),
});

function toGrant({ Grantee: { TypeIdentifier: type, Identifier } = {}, Permission }: S3Grant): Grant {
  if (type === 'id') return { Grantee: { Type: 'CanonicalUser', ID: Identifier }, Permission };
  if (type === 'uri') return { Grantee: { Type: 'Group', URI: Identifier }, Permission };
  if (type === 'emailAddress')
    return { Grantee: { Type: 'AmazonCustomerByEmail', EmailAddress: Identifier }, Permission };
  return { Permission }; // S3 refuses it as malformed
}
