import { expect, test } from '@jest/globals';
import { dangerFaults } from '../../../../functions/domain/allowed/dangers.ts';

const at = '/Operation/S3PutObjectAcl/AccessControlPolicy';
const acl = (AccessControlPolicy: object) => ({ S3PutObjectAcl: { AccessControlPolicy } });
const list = (Grantee: object) =>
  acl({ AccessControlList: { Grants: [{ Grantee: { Identifier: 'me' } }, { Grantee }] } });
const copy = (members: object) => ({ S3PutObjectCopy: { TargetResource: 'arn:aws:s3:::data', ...members } });
const all = 'http://acs.amazonaws.com/groups/global/AllUsers';

const cases: [object, string, 'publicGrants' | 'complianceRetention' | 'governanceBypass'][] = [
  [acl({ CannedAccessControlList: 'public-read' }), `${at}/CannedAccessControlList`, 'publicGrants'],
  [acl({ CannedAccessControlList: 'public-read-write' }), `${at}/CannedAccessControlList`, 'publicGrants'],
  [acl({ CannedAccessControlList: 'authenticated-read' }), `${at}/CannedAccessControlList`, 'publicGrants'],
  [
    list({ TypeIdentifier: 'uri', Identifier: all }),
    `${at}/AccessControlList/Grants/1/Grantee`,
    'publicGrants',
  ],
  [
    list({ TypeIdentifier: 'uri', Identifier: 'x' }),
    `${at}/AccessControlList/Grants/1/Grantee`,
    'publicGrants',
  ],
  [
    list({ TypeIdentifier: 'id', Identifier: all }),
    `${at}/AccessControlList/Grants/1/Grantee`,
    'publicGrants',
  ],
  [
    copy({ CannedAccessControlList: 'public-read' }),
    '/Operation/S3PutObjectCopy/CannedAccessControlList',
    'publicGrants',
  ],
  [
    copy({ AccessControlGrants: [{ Grantee: { TypeIdentifier: 'uri', Identifier: all } }] }),
    '/Operation/S3PutObjectCopy/AccessControlGrants/0/Grantee',
    'publicGrants',
  ],
  [
    { S3PutObjectRetention: { Retention: { Mode: 'COMPLIANCE' } } },
    '/Operation/S3PutObjectRetention/Retention/Mode',
    'complianceRetention',
  ],
  [
    copy({ ObjectLockMode: 'COMPLIANCE' }),
    '/Operation/S3PutObjectCopy/ObjectLockMode',
    'complianceRetention',
  ],
  [
    { S3PutObjectRetention: { BypassGovernanceRetention: true, Retention: {} } },
    '/Operation/S3PutObjectRetention/BypassGovernanceRetention',
    'governanceBypass',
  ],
];
const off = { complianceRetention: false, publicGrants: false, governanceBypass: false };

test.each(cases)('%j is off by default: %s', (Operation, pointer, code) => {
  const found = dangerFaults({ Operation } as never, off).map((fault) => [fault.pointer, fault.code]);
  expect(found).toEqual([[pointer, code]]);
  expect(dangerFaults({ Operation } as never, { ...off, [code]: true })).toEqual([]);
});

test.each([
  acl({ CannedAccessControlList: 'private' }),
  list({ TypeIdentifier: 'id', Identifier: 'you' }),
  list({ TypeIdentifier: 'uri', Identifier: 'http://acs.amazonaws.com/groups/s3/LogDelivery' }),
  copy({ ObjectLockMode: 'GOVERNANCE' }),
  { S3PutObjectRetention: { Retention: { Mode: 'GOVERNANCE' } } },
])('%j needs no switch', (Operation) => {
  expect(dangerFaults({ Operation } as never, off)).toEqual([]);
});
