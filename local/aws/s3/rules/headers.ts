import { decodeWords } from '../../protocol/encoded-word.ts';
import { metadataTooLarge } from '../errors.ts';
import { KEPT_HEADERS, type KeptHeaders } from '../store/facts.ts';

const MAX_METADATA_BYTES = 2048;

/** The headers that S3 stores with a new object. `expires` is the header as sent. */
export function keptHeaders(
  input: KeptHeaders | object,
  expires?: string | undefined,
): { headers?: KeptHeaders } {
  const given = KEPT_HEADERS.map((name) => [name, (input as KeptHeaders)[name]] as const).filter(
    ([, value]) => value !== undefined,
  );
  const headers: KeptHeaders = {
    ...Object.fromEntries(given),
    ...(expires === undefined ? {} : { Expires: expires }),
  };
  if (headers.Metadata) headers.Metadata = decodeMetadata(headers.Metadata);
  checkMetadata(headers.Metadata ?? {});
  return Object.keys(headers).length === 0 ? {} : { headers };
}

/** S3 stores metadata as text: it decodes encoded words when it receives them, and encodes text when it returns it. */
const decodeMetadata = (metadata: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, decodeWords(value)]));

function checkMetadata(metadata: Record<string, string>) {
  const sizeBytes = Object.entries(metadata).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );
  if (sizeBytes > MAX_METADATA_BYTES) throw metadataTooLarge(sizeBytes, MAX_METADATA_BYTES);
}
