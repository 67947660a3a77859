import type { AccessControlPolicy, Grant as WireGrant } from '@aws-sdk/client-s3';
import { bucketOf, OWNER, OWNER_ID, type S3Action, type S3Core } from '../core.ts';
import { accessDenied, invalidRequest, malformedAcl, missingAcl, unresolvableGrantee } from '../errors.ts';
import {
  type AclInput,
  checkAclAllowed,
  checkGroup,
  checkUserId,
  grantsFromHeaders,
  grantsOf,
  isOwnerEnforced,
  storedAcl,
} from '../rules/grants.ts';
import { describeVersionId, findVersion } from '../rules/versions.ts';
import type { Bucket } from '../store/buckets.ts';
import type { Grant } from '../store/facts.ts';

const PERMISSIONS = ['FULL_CONTROL', 'READ', 'WRITE', 'READ_ACP', 'WRITE_ACP'] as const;

type PutAclInput = AclInput & { AccessControlPolicy?: AccessControlPolicy | undefined };

export const getObjectAcl =
  (s3: S3Core): S3Action<'GetObjectAcl'> =>
  (input, { response }) => {
    const { bucket, version } = findVersion(s3, input, response.headers);
    const versionId = describeVersionId(bucket, version);
    if (versionId !== undefined) response.headers['x-amz-version-id'] = versionId;
    return { Owner: OWNER, Grants: describeGrants(bucket, version.facts.acl) };
  };

export const putObjectAcl =
  (s3: S3Core): S3Action<'PutObjectAcl'> =>
  (input, { response }) => {
    const { bucket, version } = findVersion(s3, input, response.headers, 'PUT');
    const { acl: _, ...facts } = version.facts;
    const changed = { ...facts, ...storedAcl(wantedGrants(bucket, input)) };
    s3.database.transaction(() => s3.objects.changeFacts(version, changed));
    return {};
  };

export const getBucketAcl =
  (s3: S3Core): S3Action<'GetBucketAcl'> =>
  (input) => {
    const bucket = bucketOf(s3, input);
    return { Owner: OWNER, Grants: describeGrants(bucket, bucket.settings.acl) };
  };

export const putBucketAcl =
  (s3: S3Core): S3Action<'PutBucketAcl'> =>
  (input) => {
    const bucket = bucketOf(s3, input);
    const acl = wantedGrants(bucket, input);
    s3.database.transaction(() => s3.buckets.change(bucket, { acl }));
    return {};
  };

/** With `BucketOwnerEnforced`, S3 keeps earlier ACLs but ignores them. */
const describeGrants = (bucket: Bucket, acl: Grant[] | undefined) =>
  grantsOf(isOwnerEnforced(bucket) ? undefined : acl).map(toWire);

/** The grants of a request: from a canned ACL, from grant headers or from its body. */
function wantedGrants(bucket: Bucket, input: PutAclInput): Grant[] {
  const fromHeaders = grantsFromHeaders(input);
  if (fromHeaders && input.AccessControlPolicy) throw invalidRequest('This request does not support content');
  const grants = fromHeaders ?? grantsFromBody(input.AccessControlPolicy);
  checkAclAllowed(bucket, grants, input.ACL);
  return grants;
}

function grantsFromBody(policy: AccessControlPolicy | undefined): Grant[] {
  if (!policy) throw missingAcl();
  if (policy.Owner?.ID === undefined) throw malformedAcl();
  checkUserId(policy.Owner.ID, 'CanonicalUser/ID');
  if (policy.Owner.ID !== OWNER_ID) throw accessDenied();
  return (policy.Grants ?? []).map(fromWire);
}

function fromWire({ Grantee: grantee, Permission }: WireGrant): Grant {
  const permission = PERMISSIONS.find((known) => known === Permission);
  if (!grantee || !permission) throw malformedAcl();
  if (grantee.Type === 'AmazonCustomerByEmail') throw unresolvableGrantee();
  if (grantee.Type !== 'Group' && grantee.Type !== 'CanonicalUser') throw malformedAcl();
  const id =
    grantee.Type === 'Group'
      ? checkGroup(grantee.URI ?? '', 'Group/URI')
      : checkUserId(grantee.ID ?? '', 'CanonicalUser/ID');
  return { grantee: { type: grantee.Type, id }, permission };
}

const toWire = ({ grantee: { type, id }, permission }: Grant): WireGrant => ({
  Grantee: type === 'Group' ? { Type: 'Group', URI: id } : { Type: 'CanonicalUser', ID: id },
  Permission: permission,
});
