import { AwsError } from '../../core/aws-error.ts';

/** Deepest nesting of a request. The deepest input of the served models has seven levels. */
const MAX_DEPTH = 100;

/** Parses the body of a JSON protocol. Throws SerializationException for anything but a JSON object in UTF-8. */
export function parseJsonBody(body: Uint8Array): Record<string, unknown> {
  const fault = (message: string) => new AwsError('SerializationException', 400, message);
  let value: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    value = text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    throw fault(`The body is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw fault('The body is not a JSON object');
  if (depthOf(text) > MAX_DEPTH) throw fault(`The body is nested more than ${MAX_DEPTH} deep`);
  return value as Record<string, unknown>;
}

/** How deep a JSON text is nested. Strings are skipped. */
function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[[{}\]]/g)) {
    if (token === '[' || token === '{') deepest = Math.max(deepest, ++depth);
    else if (token === ']' || token === '}') depth--;
  }
  return deepest;
}
