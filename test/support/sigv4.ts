/**
 * Checks a Signature Version 4 by the rules that AWS publishes, without the signer under test:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHash, createHmac } from 'node:crypto';
import type { ApiCall } from './cli.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

export interface Verdict {
  isValid: boolean;
  accessKey?: string;
  service?: string;
  region?: string;
  signedHeaders: string[];
}

/** `secret` is the secret access key of the caller. */
export function verifySignature({ method, path, headers, body }: ApiCall, secret: string): Verdict {
  const header = String(headers['authorization'] ?? '');
  const [, scope = '', names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/.exec(header) ?? [];
  const [accessKey = '', date = '', region = '', service = '', terminator = ''] = scope.split('/');
  const signedHeaders = names.split(';');
  const url = new URL(path, 'http://api');
  const query = [...url.searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
  const canonicalPath = url.pathname
    .split('/')
    .map((segment) => (service === 's3' ? segment : encoded(segment)))
    .join('/');
  const canonical = [
    method,
    canonicalPath,
    query,
    ...signedHeaders.map(
      (name) =>
        `${name}:${String(headers[name] ?? '')
          .trim()
          .replace(/\s+/g, ' ')}`,
    ),
    '',
    names,
    hash(body),
  ].join('\n');
  const toSign = [
    'AWS4-HMAC-SHA256',
    headers['x-amz-date'],
    [date, region, service, terminator].join('/'),
    hash(canonical),
  ].join('\n');
  const key = [region, service, terminator].reduce<Buffer>(
    (previous, part) => hmac(previous, part),
    hmac(`AWS4${secret}`, date),
  );
  const isValid = signature !== '' && hmac(key, toSign).toString('hex') === signature;
  return { isValid, accessKey, service, region, signedHeaders };
}
