/** Replaces functions/aws/clients.ts: the clients of the current run. */
import type { Client, Clients } from './calls.ts';

let present: Clients | undefined;

/** Runs follow one another. */
export function useClients(clients: Clients | undefined): void {
  present = clients;
}

function client(service: keyof Clients): Client {
  if (!present) throw new Error(`${service} was called outside a run`);
  return present[service];
}

export const s3Client = () => client('s3');
export const s3ControlClient = () => client('s3control');
export const sfnClient = () => client('states');
export const snsClient = () => client('sns');

/** Only the worker reads secrets, and runs have no worker. */
export const secretsManagerClient = (): never => {
  throw new Error('Secrets Manager was called, which no run has');
};
