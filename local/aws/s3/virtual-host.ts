import type { WireRequest } from '../../core/wire.ts';

/** Moves the bucket from the host name (`bucket.localhost`, `bucket.s3.localhost`) to the path, where the router reads it. */
export function pathStyle(request: WireRequest): WireRequest {
  const host = (request.headers['host'] ?? '').replace(/:\d+$/, '');
  const bucket = /^(.+?)(?:\.s3)?\.localhost$/i.exec(host)?.[1];
  return bucket === undefined || bucket === 's3'
    ? request
    : { ...request, path: `/${bucket}${request.path}` };
}
