import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { KnownError } from '../core/errors.ts';

const MAX_BODY_BYTES = 1024 * 1024;

/** The body of a request as JSON; `whenNone` when it is empty. */
export function bodyOf(
  event: Pick<APIGatewayProxyEventV2, 'body' | 'headers' | 'isBase64Encoded'>,
  whenNone: unknown,
): unknown {
  if (!event.body) return whenNone;
  const bytes = Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MAX_BODY_BYTES)
    throw new KnownError(
      'BodyTooLarge',
      `The body has ${bytes.length} bytes; at most ${MAX_BODY_BYTES} are taken.`,
      {
        faults: [{ pointer: '', detail: `has ${bytes.length} bytes`, code: 'maxBytes' }],
      },
    );
  const type = event.headers['content-type'] ?? '';
  if (!/^application\/([\w.-]+\+)?json\b/i.test(type))
    throw new KnownError('UnsupportedMediaType', `The Content-Type is ${type || 'missing'}.`);
  try {
    return parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new KnownError('InvalidJson', `The body cannot be parsed: ${(error as Error).message}`, {
      faults: [{ pointer: '', detail: 'is not JSON', code: 'json' }],
      cause: error,
    });
  }
}

/** As JSON.parse, and throws for half a surrogate pair: it is no text, and no UTF-8 can be made of it. */
function parse(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // JSON.stringify escapes halves, and writes whole pairs as they are.
  if (/\\ud/i.test(text) && /(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(JSON.stringify(value)))
    throw new SyntaxError('an escape stands for half a surrogate pair');
  return value;
}
