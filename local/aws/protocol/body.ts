import { AwsError } from '../../core/aws-error.ts';
import type { WireRequest } from '../../core/wire.ts';

/** The whole body of a request that is not an upload. */
export async function readBody(request: WireRequest, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > maxBytes)
      throw new AwsError(
        'MaxMessageLengthExceeded',
        400,
        `Your request was too big: the limit is ${maxBytes} bytes.`,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
