/** Stands in the place of functions/aws/clients.ts: all clients are the one of the present world. */
interface Client {
  send(command: { input: unknown }): Promise<unknown>;
}

let present: Client | undefined;

export function useClient(client: Client): void {
  present = client;
}

function client(): Client {
  if (!present) throw new Error('there is no world yet');
  return present;
}

export const s3Client = client;
export const s3ControlClient = client;
export const sfnClient = client;
export const snsClient = client;
