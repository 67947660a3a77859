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
  checkMetadata(headers.Metadata ?? {});
  return Object.keys(headers).length === 0 ? {} : { headers };
}

function checkMetadata(metadata: Record<string, string>) {
  const sizeBytes = Object.entries(metadata).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );
  if (sizeBytes > MAX_METADATA_BYTES) throw metadataTooLarge(sizeBytes, MAX_METADATA_BYTES);
}
