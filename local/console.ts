import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConsoleAnswer, createConsole } from '../console/serve.ts';
import type { WireHandler } from './core/wire.ts';

export interface LocalConsole {
  /** The API, and the page at `/console`. */
  handle: WireHandler;
  close(): Promise<void>;
}

/** Serves the page beside the API. The page is built when somebody opens it for the first time. */
export function withConsole(api: WireHandler, apiUrl: string): LocalConsole {
  let built: Promise<{ folder: string; answer: (path: string) => ConsoleAnswer | undefined }> | undefined;
  const build = async () => {
    const { buildConsole } = await import('../tools/build-console.ts');
    const folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-console-'));
    await buildConsole(folder);
    return { folder, answer: createConsole(folder, { api: apiUrl, isReadOnly: false }) };
  };
  return {
    async handle(request) {
      if (request.method !== 'GET' || !/^\/console(\/|$)/.test(request.path)) return api(request);
      built ??= build();
      return (await built).answer(request.path) ?? api(request);
    },
    async close() {
      const page = await built;
      if (page) await rm(page.folder, { recursive: true, force: true });
    },
  };
}
