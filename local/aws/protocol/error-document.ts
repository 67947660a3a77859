import type { AwsError } from '../../core/aws-error.ts';
import type { WireResponse } from '../../core/wire.ts';

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text for an XML element; control characters that XML cannot hold become references. */
const escapeXml = (text: string) =>
  text.replace(
    /[&<>"']|[\p{Cc}]/gu,
    (character) => ENTITIES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`,
  );

const element = (name: string, text: string) => `<${name}>${escapeXml(text)}</${name}>`;

/** The answer of a restXml service that refuses: `<Error>` with code, message and the error's own members. */
export function errorDocument(error: AwsError, requestId: string, resource: string): WireResponse {
  const members = {
    Code: error.code,
    Message: error.message,
    ...error.detail,
    Resource: resource,
    RequestId: requestId,
    HostId: Buffer.from(requestId).toString('base64'),
  };
  const content = Object.entries(members).map(([name, text]) => element(name, text));
  return {
    status: error.status,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${content.join('')}</Error>`,
  };
}
