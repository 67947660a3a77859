/** Serves the page from its folder of built files. The local stack and the command line both use it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the page must know of the server that it came from. */
export interface ConsoleSettings {
  /** Address of the API, for people and for the commands that the page shows. */
  api: string;
  /** Of the API; for links to the AWS console. Undefined on one machine. */
  region?: string;
  /** The server refuses every call that changes something. */
  isReadOnly: boolean;
}

export interface ConsoleAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

const files: Record<string, string> = {
  'index.html': 'text/html; charset=utf-8',
  'main.js': 'text/javascript; charset=utf-8',
  'main.css': 'text/css; charset=utf-8',
};

/** Answers a GET below `/console`; undefined for any other path. Each view has a path of its own (`/console/jobs/ID`), and all of them are the one page. */
export function createConsole(folder: string, settings: ConsoleSettings) {
  const answer = (status: number, type: string, body: string): ConsoleAnswer => ({
    status,
    headers: { ...securityHeaders, 'content-type': type, 'cache-control': 'no-cache' },
    body,
  });
  return (path: string): ConsoleAnswer | undefined => {
    if (path === '/console')
      return { ...answer(308, 'text/plain', ''), headers: { ...securityHeaders, location: '/console/' } };
    if (!path.startsWith('/console/')) return undefined;
    const name = path.slice('/console/'.length);
    if (name === 'settings.json') return answer(200, 'application/json', JSON.stringify(settings));
    if (/\.[a-z]+$/.test(name) && !(name in files)) return answer(404, 'text/plain', 'Not Found');
    const file = name in files ? name : 'index.html';
    return answer(200, files[file] as string, readFileSync(join(folder, file), 'utf8'));
  };
}
