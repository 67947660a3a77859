import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import { ExecutionAlreadyExists, ExecutionDoesNotExist } from '@aws-sdk/client-sfn';
import { AwsError } from '../../local/core/aws-error.ts';
import type { Clock } from '../../local/core/clock.ts';
import { failCall } from '../../local/faults/call-faults.ts';
import type { Dice } from './dice.ts';
import type { CallFault, Faults } from './faults.ts';
import type { Trace } from './trace.ts';

/** The services that functions call, with the names of their clients in functions/aws/clients.ts. */
export const clientNames = {
  s3control: 's3ControlClient',
  s3: 's3Client',
  states: 'sfnClient',
  sns: 'snsClient',
} as const;

export type Service = keyof typeof clientNames;

/** What the models do, by service and name of the action; refusals are thrown as AwsError. */
export type Actions = Record<Service, Record<string, (input: never) => unknown>>;

/** The members of an SDK command that a client reads. */
export interface Command {
  input: object;
}
export interface Client {
  send(command: Command): Promise<unknown>;
}
export type Clients = Record<Service, Client>;

/** Passes one call to the models; a fault is thrown as an exception of the SDK. */
export type Transport = (
  service: Service,
  command: Command,
  fault: CallFault | undefined,
) => Promise<unknown>;

/** The invocation that makes the current call. */
export interface Caller {
  /** No faults are drawn for it. */
  isSpared: boolean;
  /** Ends the invocation: its code receives no more answers. */
  end(how: 'killed' | 'hangs'): void;
}
export const callers = new AsyncLocalStorage<Caller>();

export const actionOf = (command: Command): string => command.constructor.name.replace(/Command$/, '');

/** Clients with which the handlers call the models, with the faults and latencies of the run. */
export function createClients(options: {
  actions: Actions;
  transport: Transport;
  faults: Faults;
  latencyMs: number;
  dice: Dice;
  clock: Clock;
  trace: Trace;
  /** Receives calls that the models do not have. */
  onUnknown: (call: string) => void;
}): Clients {
  const { actions, transport, faults, latencyMs, dice, clock, trace, onUnknown } = options;

  const call = async (service: Service, command: Command): Promise<unknown> => {
    if (!(actionOf(command) in actions[service])) onUnknown(`${service} ${actionOf(command)}`);
    const caller = callers.getStore();
    if (latencyMs > 0) await clock.sleep(dice.whole(0, latencyMs));
    const fault = faults.draw(service, actionOf(command), caller);
    trace(() => ['call', service, actionOf(command), fault]);
    if (fault?.type === 'slow') throw new Error('only invocations and publishing are slow');
    if (fault?.type !== 'killed' && fault?.type !== 'hangs') return transport(service, command, fault);
    if (fault.afterWork) await transport(service, command, undefined).catch(() => {});
    caller?.end(fault.type);
    return new Promise(() => {});
  };

  const client = (service: Service): Client => ({ send: (command) => call(service, command) });
  return { s3control: client('s3control'), s3: client('s3'), states: client('states'), sns: client('sns') };
}

/** Calls the models without the SDK, which would take longer than the rest of a run. */
export const directTransport =
  (actions: Actions): Transport =>
  async (service, command, fault) => {
    const act = () => actions[service][actionOf(command)]?.(command.input as never);
    try {
      const output = await (fault ? failCall(service, fault, act) : act());
      return withStream(output as { Body?: Uint8Array });
    } catch (error) {
      throw sdkException(error as Error);
    }
  };

const withStream = (output: { Body?: Uint8Array }) =>
  output.Body ? { ...output, Body: Readable.from([output.Body]) } : output;

/** The exception of the SDK for an error; without an answer there is no status. */
function sdkException(error: Error): Error {
  if (!(error instanceof AwsError)) return Object.assign(error, { $metadata: {} });
  const { code, status, message } = error;
  const $metadata = { httpStatusCode: status };
  if (code === 'ExecutionAlreadyExists') return new ExecutionAlreadyExists({ message, $metadata });
  if (code === 'ExecutionDoesNotExist') return new ExecutionDoesNotExist({ message, $metadata });
  return Object.assign(new Error(message), { name: code, $metadata });
}
