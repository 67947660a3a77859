/** The request of a `curl` command in a document. */
export interface CurlRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** The file that `-T` sends. */
  file?: string;
}

const OPTIONS_WITH_VALUE = ['-H', '-d', '-X', '-T', '--user', '--aws-sigv4'];

/** The words of a shell command up to a pipe, without their quotes. Variables stay as they are written. */
function wordsOf(command: string): string[] {
  const words = command.replaceAll('\\\n', ' ').matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g);
  const plain = [...words].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double),
  );
  const pipe = plain.indexOf('|');
  return pipe < 0 ? plain : plain.slice(0, pipe);
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
    const word = (words[i] ?? '').replace(/^-s(?=\w)/, '-'); // -sT is -s and -T
    const value = OPTIONS_WITH_VALUE.includes(word) ? (words[++i] ?? '') : '';
    if (word === '-X') request.method = value;
    else if (word === '-H') {
      const [, name = '', text = ''] = /^([^:]+): *(.*)$/.exec(value) ?? [];
      request.headers[name.toLowerCase()] = text;
    } else if (word === '-d') Object.assign(request, { method: 'POST', body: value });
    else if (word === '-T') Object.assign(request, { method: 'PUT', file: value });
    else if (!word.startsWith('-')) request.url = word;
  }
  return request;
}
