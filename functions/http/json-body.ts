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
      `The body has ${bytes.length} bytes; the limit is ${MAX_BODY_BYTES} bytes.`,
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

/** JSON.parse, but throws for half a surrogate pair, which UTF-8 cannot encode. */
function parse(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // JSON.stringify escapes only halves of pairs.
  if (/\\ud/i.test(text) && /(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(JSON.stringify(value)))
    throw new SyntaxError('an escape is half a surrogate pair');
  return value;
}
