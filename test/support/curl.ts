/** A request that a `curl` command of a document makes. */
export interface CurlRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
}

const OPTIONS_WITH_VALUE = ['-H', '-d', '-X', '--user', '--aws-sigv4'];

/** The words of a shell command, quotes undone; variables stay as they are written. */
function wordsOf(command: string): string[] {
  const words = command.replaceAll('\\\n', ' ').matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g);
  return [...words].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double),
  );
}

/** All `curl` commands of the `sh` blocks of a Markdown document. */
export function curlRequests(document: string): CurlRequest[] {
  const blocks = [...document.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) => block);
  return blocks
    .flatMap((block) => [...block.matchAll(/^curl (?:\\\n|[^'\n]|'[^']*')*/gm)])
    .map(([c]) => toRequest(wordsOf(c)));
}

function toRequest([, ...words]: string[]): CurlRequest {
  const request: CurlRequest = { method: 'GET', url: '', headers: {} };
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const value = OPTIONS_WITH_VALUE.includes(word) ? (words[++i] ?? '') : '';
    if (word === '-X') request.method = value;
    else if (word === '-H') {
      const [, name = '', text = ''] = /^([^:]+): *(.*)$/.exec(value) ?? [];
      request.headers[name.toLowerCase()] = text;
    } else if (word === '-d') Object.assign(request, { method: 'POST', body: value });
    else if (!word.startsWith('-')) request.url = word;
  }
  return request;
}
