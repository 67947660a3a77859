import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCli } from '../../tools/build-cli.ts';

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  env?: Record<string, string>;
  stdin?: string;
  /** Sends SIGINT when stderr or stdout has this text. */
  interruptAt?: string;
}

let program: Promise<string> | undefined;

/** The built program; built once for each test file. */
export const cliProgram = (): Promise<string> => {
  program ??= buildCli(mkdtempSync(join(tmpdir(), 'bucket-brigade-cli-')));
  return program;
};

/** Runs the command line as a process, without a terminal and without AWS settings of this machine. */
export async function runCli(api: string, args: string[], options: CliOptions = {}): Promise<CliResult> {
  const { env = {}, stdin = '', interruptAt } = options;
  const child = spawn(process.execPath, [await cliProgram(), ...args], {
    env: {
      PATH: process.env['PATH'],
      HOME: tmpdir(),
      AWS_EC2_METADATA_DISABLED: 'true',
      BUCKET_BRIGADE_API: api,
      ...env,
    },
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk: Buffer) => {
      output[name] += chunk.toString();
      if (interruptAt && output[name].includes(interruptAt)) child.kill('SIGINT');
    });
  child.stdin.on('error', () => {}); // a program that reads no input closes it
  child.stdin.end(stdin);
  const code = await new Promise<number | null>((done) => child.on('close', done));
  return { code, ...output };
}

export interface ApiCall {
  method: string;
  /** With the query. */
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface StubAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface StubApi {
  url: string;
  calls: ApiCall[];
  close(): Promise<void>;
}

/** An API on loopback that answers what the test says, for states that no real job shows on demand. */
export async function stubApi(answer: (call: ApiCall) => StubAnswer): Promise<StubApi> {
  const calls: ApiCall[] = [];
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    calls.push(call);
    const { status, headers = {}, body } = answer(call);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
