import type { Fault } from '../../core/errors.ts';
import type { JobRequest, S3Grant } from '../../core/generated/job-request.mjs';

/** What is off by default because it is dangerous. */
export interface Switches {
  complianceRetention: boolean;
  governanceBypass: boolean;
  publicGrants: boolean;
}

const publicAcls: readonly (string | undefined)[] = [
  'public-read',
  'public-read-write',
  'authenticated-read',
];

/** S3's only group that is neither everybody nor everybody with an AWS account. */
const LOG_DELIVERY = 'http://acs.amazonaws.com/groups/s3/LogDelivery';

const isGroup = ({ Grantee: { TypeIdentifier, Identifier = '' } = {} }: S3Grant): boolean =>
  (TypeIdentifier === 'uri' || /acs\.amazonaws\.com\/groups/i.test(Identifier)) &&
  Identifier !== LOG_DELIVERY;

function publicGrantPointers({ Operation }: JobRequest): string[] {
  const { S3PutObjectAcl: acl, S3PutObjectCopy: copy } = Operation;
  const { CannedAccessControlList: canned, AccessControlList: list } = acl?.AccessControlPolicy ?? {};
  const grants = (at: string, all: readonly S3Grant[] = []) =>
    all.flatMap((grant, i) => (isGroup(grant) ? [`${at}/${i}/Grantee`] : []));
  const policy = '/Operation/S3PutObjectAcl/AccessControlPolicy';
  return [
    ...(publicAcls.includes(canned) ? [`${policy}/CannedAccessControlList`] : []),
    ...grants(`${policy}/AccessControlList/Grants`, list?.Grants),
    ...(publicAcls.includes(copy?.CannedAccessControlList)
      ? ['/Operation/S3PutObjectCopy/CannedAccessControlList']
      : []),
    ...grants('/Operation/S3PutObjectCopy/AccessControlGrants', copy?.AccessControlGrants),
  ];
}

function compliancePointers({ Operation }: JobRequest): string[] {
  const { S3PutObjectRetention: retention, S3PutObjectCopy: copy } = Operation;
  return [
    ...(retention?.Retention.Mode === 'COMPLIANCE' ? ['/Operation/S3PutObjectRetention/Retention/Mode'] : []),
    ...(copy?.ObjectLockMode === 'COMPLIANCE' ? ['/Operation/S3PutObjectCopy/ObjectLockMode'] : []),
  ];
}

/** A fault for each member that needs a switch which is off. */
export function dangerFaults(request: JobRequest, switches: Switches): Fault[] {
  const compliance = switches.complianceRetention ? [] : compliancePointers(request);
  const bypasses =
    !switches.governanceBypass && request.Operation.S3PutObjectRetention?.BypassGovernanceRetention
      ? ['/Operation/S3PutObjectRetention/BypassGovernanceRetention']
      : [];
  const grants = switches.publicGrants ? [] : publicGrantPointers(request);
  return [
    ...compliance.map((pointer) => ({
      pointer,
      detail: 'sets a retention that nobody can shorten; complianceRetention is off in this deployment',
      code: 'complianceRetention',
    })),
    ...bypasses.map((pointer) => ({
      pointer,
      detail: 'allows to shorten GOVERNANCE retention; governanceBypass is off in this deployment',
      code: 'governanceBypass',
    })),
    ...grants.map((pointer) => ({
      pointer,
      detail: 'makes objects public; publicGrants is off in this deployment',
      code: 'publicGrants',
    })),
  ];
}
