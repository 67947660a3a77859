/** The pages of a CSV, the heading only in the first. `read` sends a GET that accepts text/csv. */
export async function* csvPages(
  path: string,
  query: URLSearchParams,
  read: (path: string) => Promise<{ headers: Headers; text: string }>,
): AsyncGenerator<string> {
  for (let isFirst = true; ; isFirst = false) {
    const { headers, text } = await read(`${path}?${query}`);
    yield isFirst ? text : text.slice(text.indexOf('\n') + 1);
    const [, next] = /<([^>]+)>;\s*rel="?next"?/.exec(headers.get('link') ?? '') ?? [];
    if (!next) return;
    query.set('pageToken', new URL(next, 'http://api').searchParams.get('pageToken') ?? '');
  }
}
