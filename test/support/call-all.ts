import { operationSchemas, requiredMembers, type Shape } from '../../local/aws/protocol/schema.ts';

/** An error that a client threw. */
export interface Refusal {
  name: string;
  message: string;
  status: number | undefined;
}

/** Calls every operation of an SDK package with the least input; returns the refusal of each, undefined for success. */
export async function callAll(
  model: object,
  client: { send(command: never): Promise<unknown> },
): Promise<Map<string, Refusal | undefined>> {
  const commands = model as Record<string, new (input: unknown) => unknown>;
  const answers = new Map<string, Refusal | undefined>();
  for (const { name, input } of operationSchemas(model)) {
    const Command = commands[`${name}Command`];
    if (!Command) throw new Error(`${name} has no command`);
    const call = client.send(new Command(sampleInput(input)) as never);
    answers.set(name, await call.then(() => undefined, toRefusal));
  }
  return answers;
}

const toRefusal = ({ name, message, $metadata }: Error & { $metadata?: { httpStatusCode?: number } }) => ({
  name,
  message,
  status: $metadata?.httpStatusCode,
});

/** The required members and the stream of an input, each with some value. */
function sampleInput(shape: Shape): unknown {
  if (shape.isStructSchema()) {
    const required = new Set(requiredMembers(shape));
    const members = [...shape.structIterator()].filter(
      ([name, member]) => required.has(name) || member.isStreaming(),
    );
    return Object.fromEntries(members.map(([name, member]) => [name, sampleInput(member)]));
  }
  if (shape.isListSchema()) return [sampleInput(shape.getValueSchema())];
  if (shape.isMapSchema()) return {};
  if (shape.isNumericSchema()) return 1;
  if (shape.isBooleanSchema()) return true;
  if (shape.isTimestampSchema()) return new Date(0);
  return shape.isBlobSchema() ? Buffer.from('sample') : 'sample';
}
