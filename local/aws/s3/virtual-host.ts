import type { WireRequest } from '../../core/wire.ts';

/** Moves a bucket that leads the host (`bucket.localhost`, `bucket.s3.localhost`) to where we read it, the path. */
export function pathStyle(request: WireRequest): WireRequest {
  const host = (request.headers['host'] ?? '').replace(/:\d+$/, '');
  const bucket = /^(.+?)(?:\.s3)?\.localhost$/i.exec(host)?.[1];
  return bucket === undefined || bucket === 's3'
    ? request
    : { ...request, path: `/${bucket}${request.path}` };
}
