import { ACCOUNT_ID } from '../../core/account.ts';
import type { WireRequest } from '../../core/wire.ts';

const LOCAL_USER = 'local';

/**
 * ARN of the caller. Signatures are not checked: a signed call is made as the user that its access key names,
 * an unsigned one as the user `local`.
 */
export function principalOf({ headers, query }: Pick<WireRequest, 'headers' | 'query'>): string {
  const credential =
    /Credential=([\w.-]+)\//.exec(headers['authorization'] ?? '')?.[1] ??
    /(?:^|&)(?:X-Amz-Credential|AWSAccessKeyId)=([\w.-]+)/i.exec(query)?.[1] ??
    /^AWS ([\w.-]+):/.exec(headers['authorization'] ?? '')?.[1];
  return `arn:aws:iam::${ACCOUNT_ID}:user/${credential ?? LOCAL_USER}`;
}
