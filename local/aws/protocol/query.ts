import { AwsError } from '../../core/aws-error.ts';

/** Percent-decodes one path segment or name. Refuses anything but UTF-8. */
export function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('InvalidURI', 400, "Couldn't parse the specified URI.", { URI: text });
  }
}

/** Form-decodes a query string (`+` is a space) into its parameters in order. A name may repeat. */
export function parseQuery(query: string): Map<string, string[]> {
  const parameters = new Map<string, string[]>();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const [name = '', ...rest] = pair.replaceAll('+', ' ').split('=');
    const key = decodePart(name);
    parameters.set(key, [...(parameters.get(key) ?? []), decodePart(rest.join('='))]);
  }
  return parameters;
}
