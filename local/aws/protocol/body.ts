import { AwsError } from '../../core/aws-error.ts';
import type { WireRequest } from '../../core/wire.ts';

/** The whole body of a request that is not an upload. A body that is too large is read to its end, but not kept. */
export async function readBody(request: WireRequest, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (size > maxBytes)
    throw new AwsError(
      'MaxMessageLengthExceeded',
      400,
      `Your request was too big: the limit is ${maxBytes} bytes.`,
    );
  return Buffer.concat(chunks, size);
}
