import {
  type OperationSchema,
  operationSchemas,
  pickMembers,
  requiredMembers,
  type Shape,
} from './schema.ts';

/** Where one member of an input or output is in the message. */
export interface Binding {
  member: string;
  shape: Shape;
  location: 'label' | 'query' | 'header' | 'prefix' | 'payload' | 'body' | 'status';
  /** Query name, header name in lower case or header prefix; the member's name otherwise. */
  wireName: string;
  required: boolean;
}

/** One side of an operation. */
export interface Message {
  bindings: Binding[];
  /** The members that make up the body, when no single member is the whole payload. */
  body: Shape | undefined;
}

/** A REST operation, ready to be matched, read and answered. */
export interface Operation {
  name: string;
  method: string;
  /** Matches the whole undecoded path; its groups are the labels, in the order of `labels`. */
  path: RegExp;
  labels: string[];
  /** Required query parameters. An empty value means any value. */
  literals: [name: string, value: string][];
  /** The name that clients send as `x-id`, if any. It is only a hint. */
  id: string | undefined;
  /** HTTP status of success. */
  status: number;
  input: Message;
  output: Message;
  /** Whether the only body member of the output is the root element itself. */
  isUnwrapped: boolean;
}

export interface OperationOptions {
  /** S3: the bucket is the first segment of the path. */
  bucketInPath?: boolean;
  /** Operations whose one body member is the root element itself (S3: GetBucketLocation). */
  unwrapped?: readonly string[];
  /** Headers (lower case) that are required wherever the model has them, even if it does not say so. */
  requiredHeaders?: readonly string[];
}

/** The REST operations of an SDK package, `import * as Model from '@aws-sdk/client-…'`. */
export function restOperations(model: object, options: OperationOptions = {}): Operation[] {
  return operationSchemas(model).flatMap((schema) =>
    schema.http ? [restOperation(schema, schema.http, options)] : [],
  );
}

function restOperation(
  { name, input, output }: OperationSchema,
  [method, template, status]: [string, string, number],
  { bucketInPath = false, unwrapped = [], requiredHeaders = [] }: OperationOptions,
): Operation {
  const [path = '/', search = ''] = template.split('?');
  const query = [...new URLSearchParams(search)] as [string, string][];
  const request = messageOf(input, requiredHeaders);
  const isOfBucket = request.bindings.some(
    ({ member, location }) => member === 'Bucket' && location === 'label',
  );
  return {
    name,
    method,
    ...compilePath(bucketInPath && isOfBucket ? `/{Bucket}${path}` : path),
    literals: query.filter(([key]) => key !== 'x-id'),
    id: query.find(([key]) => key === 'x-id')?.[1],
    status,
    input: request,
    output: messageOf(output),
    isUnwrapped: unwrapped.includes(name),
  };
}

/** `/a/{One}/{Many+}`: a label matches one segment or, with a plus, the rest. The last slash is optional. */
function compilePath(template: string): Pick<Operation, 'path' | 'labels'> {
  const labels: string[] = [];
  const pattern = template
    .replace(/\/$/, '')
    .replace(/\{(\w+)(\+?)\}|[.*+?^${}()|[\]\\]/g, (special, label?: string, greedy?: string) => {
      if (label === undefined) return `\\${special}`;
      labels.push(label);
      return greedy ? '(.+)' : '([^/]+)';
    });
  return { path: new RegExp(`^${pattern}/?$`), labels };
}

function messageOf(shape: Shape, requiredHeaders: readonly string[] = []): Message {
  if (!shape.isStructSchema()) return { bindings: [], body: undefined };
  const required = new Set(requiredMembers(shape));
  const bindings = [...shape.structIterator()].map(([member, memberShape]) =>
    bindingOf(member, memberShape, required.has(member)),
  );
  for (const binding of bindings)
    if (binding.location === 'header' && requiredHeaders.includes(binding.wireName)) binding.required = true;
  const inBody = bindings.filter(({ location }) => location === 'body').map(({ member }) => member);
  return { bindings, body: pickMembers(shape, inBody) };
}

function bindingOf(member: string, shape: Shape, required: boolean): Binding {
  const traits = shape.getMergedTraits();
  const binding = (location: Binding['location'], wireName = member): Binding => ({
    member,
    shape,
    location,
    wireName,
    required,
  });
  if (traits.httpLabel) return binding('label');
  if (traits.httpQuery) return binding('query', traits.httpQuery);
  if (traits.httpHeader) return binding('header', traits.httpHeader.toLowerCase());
  if (traits.httpPrefixHeaders !== undefined)
    return binding('prefix', traits.httpPrefixHeaders.toLowerCase());
  if (traits.httpPayload) return binding('payload');
  if (traits.httpResponseCode) return binding('status');
  return binding('body');
}
