import { ACCOUNT_ID } from '../../core/account.ts';
import type { WireRequest } from '../../core/wire.ts';

const LOCAL_USER = 'local';

/**
 * ARN of the caller. Signatures are not checked: the access key of a signed call names the user, and an unsigned call
 * is made as the user `local`.
 */
export function principalOf({ headers, query }: Pick<WireRequest, 'headers' | 'query'>): string {
  const credential =
    /Credential=([\w.-]+)\//.exec(headers['authorization'] ?? '')?.[1] ??
    /(?:^|&)(?:X-Amz-Credential|AWSAccessKeyId)=([\w.-]+)/i.exec(query)?.[1] ??
    /^AWS ([\w.-]+):/.exec(headers['authorization'] ?? '')?.[1];
  return `arn:aws:iam::${ACCOUNT_ID}:user/${credential ?? LOCAL_USER}`;
}
