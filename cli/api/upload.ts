/** Stores a manifest in S3 with the caller's own credentials. */
import { createHash } from 'node:crypto';
import { CliError, exitCodeOfStatus, exitCodes, usageError } from '../exit-codes.ts';
import { signer } from './sign.ts';

/** S3 takes parts of at least 5 MiB, but for the last. */
const PART_BYTES = 16 * 1024 * 1024;

const sha256 = (body: Buffer) => createHash('sha256').update(body).digest('hex');

/** Returns the address and the ETag. The key is made of the content, so the same list twice is the same object. */
export async function uploadManifest(
  csv: string,
  { bucket, key: prefix }: { bucket: string; key: string },
  env: NodeJS.ProcessEnv,
): Promise<{ address: string; etag: string }> {
  const body = Buffer.from(csv, 'utf8');
  const key = `${prefix && `${prefix.replace(/\/$/, '')}/`}${sha256(body)}.csv`;
  const send = sender(bucket, key, env);
  const [, uploadId = ''] = /<UploadId>([^<]+)<\/UploadId>/.exec((await send('POST', '?uploads')).text) ?? [];
  const upload = `uploadId=${encodeURIComponent(uploadId)}`;
  try {
    const parts: string[] = [];
    for (let at = 0; at < body.length; at += PART_BYTES) {
      const number = parts.length + 1;
      const part = body.subarray(at, at + PART_BYTES);
      const { etag } = await send('PUT', `?partNumber=${number}&${upload}`, part);
      parts.push(`<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`);
    }
    const list = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
    const { text } = await send('POST', `?${upload}`, Buffer.from(list));
    const [, etag] = /<ETag>(?:&quot;|"|&#34;)?([^<&"]+)/.exec(text) ?? [];
    if (etag) return { address: `s3://${bucket}/${key}`, etag };
    throw new CliError(exitCodes.failure, `S3 did not complete the upload of the manifest: ${text}`);
  } catch (error) {
    await send('DELETE', `?${upload}`).catch(() => {});
    throw error;
  }
}

/** Path style at an endpoint of one's own, as S3-compatible stores take it; else the bucket's host. */
function sender(bucket: string, key: string, env: NodeJS.ProcessEnv) {
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  if (!region) throw usageError('The Region of --manifest-bucket is not known: set AWS_REGION');
  const endpoint = env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL'];
  const host = endpoint
    ? `${endpoint.replace(/\/$/, '')}/${bucket}`
    : `https://${bucket}.s3.${region}.amazonaws.com`;
  const address = `${host}/${key.split('/').map(encodeURIComponent).join('/')}`;
  const sign = signer('s3', region);
  return async (method: string, query: string, body: Buffer = Buffer.alloc(0)) => {
    const url = new URL(address + query);
    const headers = await sign({ method, url, body, headers: { 'x-amz-content-sha256': sha256(body) } });
    const sent = body.length > 0 ? new Uint8Array(body) : null;
    const response = await fetch(url, { method, headers, body: sent, redirect: 'manual' });
    const text = await response.text();
    if (response.ok) return { text, etag: response.headers.get('etag')?.replaceAll('"', '') ?? '' };
    const [, code = response.statusText] = /<Code>([^<]+)<\/Code>/.exec(text) ?? [];
    const detail = `S3 refused ${method} ${address}: ${code}. Check the name and Region of --manifest-bucket, and that you may write to it.`;
    throw new CliError(exitCodeOfStatus(response.status), detail);
  };
}
