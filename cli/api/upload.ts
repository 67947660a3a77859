/** Stores a manifest in S3 with the caller's own credentials. */
import { createHash } from 'node:crypto';
import { CliError, exitCodeOfStatus, usageError } from '../exit-codes.ts';
import { signer } from './sign.ts';

/** S3 takes parts of at least 5 MiB, but for the last. */
const PART_BYTES = 16 * 1024 * 1024;

/** Returns the key and the ETag. The key is made of the content, so the same list twice is the same object. */
export async function uploadManifest(
  csv: string,
  { bucket, key: prefix }: { bucket: string; key: string },
  env: NodeJS.ProcessEnv,
): Promise<{ key: string; etag: string }> {
  const body = Buffer.from(csv, 'utf8');
  const key = `${prefix && `${prefix.replace(/\/$/, '')}/`}${createHash('sha256').update(body).digest('hex')}.csv`;
  const send = sender(objectUrl(bucket, key, env), env);
  if (body.length <= PART_BYTES) return { key, etag: await send('PUT', '', body).then(etagOf) };
  const started = await send('POST', '?uploads');
  const [, uploadId = ''] = /<UploadId>([^<]+)<\/UploadId>/.exec(await started.text()) ?? [];
  const upload = `uploadId=${encodeURIComponent(uploadId)}`;
  try {
    const parts: string[] = [];
    for (let at = 0; at < body.length; at += PART_BYTES) {
      const number = parts.length + 1;
      const part = await send('PUT', `?partNumber=${number}&${upload}`, body.subarray(at, at + PART_BYTES));
      parts.push(`<Part><PartNumber>${number}</PartNumber><ETag>${etagOf(part)}</ETag></Part>`);
    }
    const list = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
    const text = await (await send('POST', `?${upload}`, Buffer.from(list))).text();
    const [, etag] = /<ETag>(?:&quot;|"|&#34;)?([^<&"]+)/.exec(text) ?? [];
    if (!etag) throw new CliError(1, `S3 did not complete the upload of the manifest: ${text.slice(0, 300)}`);
    return { key, etag };
  } catch (error) {
    await send('DELETE', `?${upload}`).catch(() => {});
    throw error;
  }
}

const etagOf = (response: Response): string => response.headers.get('etag')?.replaceAll('"', '') ?? '';

const regionOf = (env: NodeJS.ProcessEnv): string => {
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  if (!region) throw usageError('The Region of --manifest-bucket is not known: set AWS_REGION');
  return region;
};

/** Path style at an endpoint of one's own, as S3-compatible stores take it; else the bucket's host. */
function objectUrl(bucket: string, key: string, env: NodeJS.ProcessEnv): URL {
  const path = key.split('/').map(encodeURIComponent).join('/');
  const endpoint = env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL'];
  if (endpoint) return new URL(`${endpoint.replace(/\/$/, '')}/${bucket}/${path}`);
  return new URL(`https://${bucket}.s3.${regionOf(env)}.amazonaws.com/${path}`);
}

function sender(url: URL, env: NodeJS.ProcessEnv) {
  const sign = signer('s3', regionOf(env));
  return async (method: string, query: string, body: Buffer = Buffer.alloc(0)): Promise<Response> => {
    const target = new URL(url.href + query);
    const sha256 = createHash('sha256').update(body).digest('hex');
    const headers = await sign({ method, url: target, body, headers: { 'x-amz-content-sha256': sha256 } });
    const response = await fetch(target, {
      ...{ method, headers, redirect: 'manual' },
      ...(body.length > 0 && { body: new Uint8Array(body) }),
    });
    if (response.ok) return response;
    const [, code = response.statusText] = /<Code>([^<]+)<\/Code>/.exec(await response.text()) ?? [];
    throw new CliError(
      exitCodeOfStatus(response.status),
      `S3 refused ${method} ${url.href}: ${code}. Check the name and Region of --manifest-bucket, and that you may write to it.`,
    );
  };
}
