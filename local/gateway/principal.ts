import { ACCOUNT_ID } from '../core/account.ts';
import type { WireRequest } from '../core/wire.ts';

/** Name of the caller of an unsigned request. */
const UNSIGNED = 'local';

const SIGNED_HEADER = /^AWS4-HMAC-SHA256\s+.*?Credential=([^/,\s]+)\//;
const SIGNED_QUERY = /(?:^|&)X-Amz-Credential=([^/%&]+)(?:\/|%2F)/i;

/**
 * What an IAM authorizer adds to the request. Signatures are not checked: the access key names the caller, so that
 * several callers can be tried on one machine.
 */
export function iamAuthorizer({ headers, query }: Pick<WireRequest, 'headers' | 'query'>) {
  const accessKey =
    SIGNED_HEADER.exec(headers['authorization'] ?? '')?.[1] ?? SIGNED_QUERY.exec(query)?.[1] ?? UNSIGNED;
  return {
    accessKey,
    accountId: ACCOUNT_ID,
    callerId: accessKey,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: `arn:aws:iam::${ACCOUNT_ID}:user/${accessKey}`,
    userId: accessKey,
  };
}
