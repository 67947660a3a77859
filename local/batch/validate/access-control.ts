import {
  type S3AccessControlList,
  type S3Grant,
  S3GranteeTypeIdentifier,
  S3Permission,
} from '@aws-sdk/client-s3-control';
import { list, oneOf, required, structure, text } from './checks.ts';

/** The model has no limit; S3 itself refuses an invalid grant. */
const name = text({ max: 1024 });

const grant = structure<S3Grant>({
  Grantee: structure({
    TypeIdentifier: oneOf(S3GranteeTypeIdentifier),
    Identifier: name,
    DisplayName: name,
  }),
  Permission: oneOf(S3Permission),
});

export const grants = list(grant);

export const accessControlList = structure<S3AccessControlList>({
  Owner: required(structure({ ID: name, DisplayName: name })),
  Grants: grants,
});
