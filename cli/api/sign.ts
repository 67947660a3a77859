/** Signature Version 4, by the SDK's own signer and credential chain. Imported only when a call is signed. */
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { CliError, exitCodes } from '../exit-codes.ts';

export interface SignableRequest {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body?: string | Uint8Array | undefined;
}

export type Sign = (request: SignableRequest) => Promise<Record<string, string>>;

let chain: ReturnType<typeof defaultProvider> | undefined;

async function credentials() {
  chain ??= defaultProvider();
  return chain().catch((error: Error) => {
    const remedy =
      'Set AWS_PROFILE, sign in with "aws sso login", or set BUCKET_BRIGADE_TOKEN for an API with a JWT issuer.';
    throw new CliError(exitCodes.denied, `No AWS credentials: ${error.message}. ${remedy}`, { cause: error });
  });
}

/** Returns the headers of the request together with those of its signature, for `execute-api`, `s3` or `sts`. */
export function signer(service: string, region: string): Sign {
  const uriEscapePath = service !== 's3'; // S3 alone signs the path as it is sent
  const signature = new SignatureV4({ service, region, credentials, sha256: Sha256, uriEscapePath });
  return async ({ method, url, headers, body }) => {
    const query: Record<string, string | string[]> = {};
    for (const name of new Set(url.searchParams.keys())) query[name] = url.searchParams.getAll(name);
    const { protocol, hostname, port, pathname: path, host } = url;
    const signed = await signature.sign({
      ...{ method, protocol, hostname, path, query, headers: { ...headers, host } },
      ...(port && { port: Number(port) }),
      ...(body !== undefined && { body }),
    });
    return signed.headers;
  };
}
