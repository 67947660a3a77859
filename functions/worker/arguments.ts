import {
  oneOfDetail,
  reportedErrors,
  type SchemaError,
  schemaDetail,
  typeName,
  unknownNameDetail,
} from '../core/schema-advice.ts';
import type { ArgumentSchema, ArgumentType, Declaration } from './action.ts';
import type { UserArguments } from './contract.ts';

/** One fault in user arguments. `pointer` is a JSON pointer into them: `/tags`, or `""` for all. */
export interface ArgumentFault {
  pointer: string;
  detail: string;
  code: string;
}

const pointerTo = (name: string) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

const fault = (name: string, detail: string, code: string): ArgumentFault => ({
  pointer: pointerTo(name),
  detail,
  code,
});

/** The pointer ends at the argument: because an argument is text, there is no pointer to a value inside it. */
function schemaFault({ detail: known, ...error }: SchemaError & { detail?: string }): ArgumentFault {
  const { instancePath, keyword, params } = error;
  const member = params['additionalProperty'] ?? params['missingProperty'] ?? params['propertyName'];
  if (instancePath === '' && keyword === 'required') return fault(String(member), 'is missing', keyword);
  const detail = known ?? schemaDetail(error);
  if (instancePath === '' && keyword !== 'additionalProperties')
    return { pointer: '', detail, code: keyword };
  const [, name = '', ...inner] = instancePath.split('/');
  const position = [...inner, ...(member === undefined ? [] : [member])].join('/');
  return { pointer: `/${name}`, detail: position ? `at ${position}: ${detail}` : detail, code: keyword };
}

/** A string is taken unchanged; every other type is written as its JSON: `true`, `640`, `["a"]`, `{"team":"media"}`. */
function fromText(text: string, type: ArgumentType): unknown {
  return type === 'string' ? text : JSON.parse(text);
}

const freezeAll = (value: unknown): void => {
  if (typeof value !== 'object' || value === null) return;
  Object.values(value).forEach(freezeAll);
  Object.freeze(value);
};

/** User arguments as the values that the schema describes, with all faults. */
export function readArguments(
  { default: validate, argumentTypes }: ArgumentSchema,
  { action: _, ...texts }: UserArguments,
): { values: Readonly<Record<string, unknown>>; faults: ArgumentFault[] } {
  const values: Record<string, unknown> = {};
  const faults: ArgumentFault[] = [];
  for (const [name, text] of Object.entries(texts)) {
    const type = Object.hasOwn(argumentTypes, name) ? argumentTypes[name] : undefined;
    if (!type) {
      const known = ['action', ...Object.keys(argumentTypes)];
      const detail = unknownNameDetail(name, known, 'an argument of this action');
      faults.push(fault(name, detail, 'additionalProperties'));
      continue;
    }
    try {
      values[name] = fromText(text, type);
    } catch {
      faults.push(fault(name, `must be the JSON text of ${typeName(type)}`, 'json'));
    }
  }
  const isRead = (error: SchemaError) =>
    !faults.some(({ pointer }) => pointer === schemaFault(error).pointer);
  if (!validate(values))
    faults.push(
      ...reportedErrors(validate.errors ?? [])
        .filter(isRead)
        .map(schemaFault),
    );
  freezeAll(values);
  return { values, faults };
}

/** The action that user arguments name, with its arguments; or all faults. */
export function readUserArguments<Known extends Declaration>(
  userArguments: UserArguments,
  actions: readonly Known[],
  enabled: readonly string[],
): { action: Known; values: Readonly<Record<string, unknown>> } | { faults: ArgumentFault[] } {
  const name = Object.hasOwn(userArguments, 'action') ? userArguments['action'] : undefined;
  // A worker with one action needs no name; invocation schema 1.0 carries no arguments.
  const action =
    name === undefined && actions.length === 1 ? actions[0] : actions.find((known) => known.name === name);
  if (!action) {
    const known = actions.map((one) => one.name);
    const detail =
      name === undefined ? `is missing; known actions: ${known.join(', ')}` : oneOfDetail(name, known);
    return { faults: [fault('action', detail, name === undefined ? 'required' : 'enum')] };
  }
  if (action.isOffByDefault && !enabled.includes(action.name)) {
    const detail = `${action.name} is off by default; add it to the parameter workerActions to enable it`;
    return { faults: [fault('action', detail, 'switchedOff')] };
  }
  const { values, faults } = readArguments(action.schema, userArguments);
  return faults.length > 0 ? { faults } : { action, values };
}
