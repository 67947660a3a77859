import type { AwsError } from '../../core/aws-error.ts';
import type { WireResponse } from '../../core/wire.ts';
import { escapeXml } from './xml-characters.ts';

const elements = (members: Readonly<Record<string, string>>) =>
  Object.entries(members)
    .map(([name, text]) => `<${name}>${escapeXml(text)}</${name}>`)
    .join('');

/**
 * The two error documents of restXml services: S3's model has the trait `noErrorWrapping`, S3 Control's does not. A
 * client that is generated from the model reads no other form.
 */
export type ErrorDocument = (error: AwsError, requestId: string) => WireResponse;

/** `<ErrorResponse><Error>…</Error><RequestId/><HostId/></ErrorResponse>`. */
export const wrappedError: ErrorDocument = ({ code, status, message, detail }, requestId) =>
  xml(
    status,
    `<ErrorResponse><Error>${elements({ Code: code, Message: message, ...detail })}</Error>${elements(idsOf(requestId))}</ErrorResponse>`,
  );

/** `<Error>…</Error>`, with the ids in it. */
export const bareError: ErrorDocument = ({ code, status, message, detail }, requestId) =>
  xml(status, `<Error>${elements({ Code: code, Message: message, ...detail, ...idsOf(requestId) })}</Error>`);

const idsOf = (requestId: string) => ({
  RequestId: requestId,
  HostId: Buffer.from(requestId).toString('base64'),
});

const xml = (status: number, document: string): WireResponse => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${document}`,
});
