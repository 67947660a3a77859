import { type RunningServer, startServer } from './aws/server.ts';
import type { WireHandler } from './core/wire.ts';

/** A port of this machine that can be open or closed to requests. */
export interface Door {
  port: number;
  open(handle: WireHandler): void;
  shut(): void;
  close(): Promise<void>;
}

const notOpen: WireHandler = async () => ({
  status: 503,
  headers: { 'content-type': 'application/json', 'retry-after': '1' },
  body: '{"message":"Service Unavailable"}',
});

/** Takes a port before anything else starts. Requests that arrive before it is open get 503 with `Retry-After`. */
export async function openDoor(variable: string, port: number, log: (line: string) => void): Promise<Door> {
  let answer = notOpen;
  const server: RunningServer = await startServer({ handle: (request) => answer(request), port, log }).catch(
    (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be taken (${error.code})`;
      throw new Error(`port ${port} ${reason}; set ${variable} to another one, or to 0 for a free one`);
    },
  );
  return {
    port: server.port,
    close: server.close,
    open: (handle) => {
      answer = handle;
    },
    shut: () => {
      answer = notOpen;
    },
  };
}
