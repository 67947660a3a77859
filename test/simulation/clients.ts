/** Stands in the place of functions/aws/clients.ts: the clients of the life that is being lived. */
import type { Client, Clients } from './calls.ts';

let present: Clients | undefined;

/** Lives are lived one after the other. */
export function useClients(clients: Clients | undefined): void {
  present = clients;
}

function client(service: keyof Clients): Client {
  if (!present) throw new Error(`${service} was called outside of a life`);
  return present[service];
}

export const s3Client = () => client('s3');
export const s3ControlClient = () => client('s3control');
export const sfnClient = () => client('states');
export const snsClient = () => client('sns');

/** Only the worker has secrets, which is no part of a life. */
export const secretsManagerClient = (): never => {
  throw new Error('Secrets Manager was called, which no life has');
};
