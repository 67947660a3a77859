import type { WireRequest } from '../wire.ts';
import type { Operation } from './operation.ts';
import { decodePart, parseQuery } from './query.ts';

export interface Route {
  operation: Operation;
  labels: Readonly<Record<string, string>>;
  query: ReadonlyMap<string, readonly string[]>;
}

/** A request that no operation fits: its sub-resource is known to nobody, or the path is. */
export interface NoRoute {
  operation?: undefined;
  /** Query names that would have to mean something. */
  subresources: string[];
}

/** Finds the operation for a request: the one that demands most of what the request has. */
export function createRouter(operations: readonly Operation[]): (request: WireRequest) => Route | NoRoute {
  const subresources = new Set(operations.flatMap(({ literals }) => literals.map(([name]) => name)));
  return (request) => {
    const query = parseQuery(request.query);
    const candidates = operations
      .flatMap((operation) => {
        const labels =
          operation.method === request.method ? matchPath(operation.segments, request.path) : undefined;
        return labels && hasAll(operation, query, request.headers) ? [{ operation, labels, query }] : [];
      })
      .sort((a, b) => weight(b.operation, query) - weight(a.operation, query));
    const [best] = candidates;
    const stray = strayNames(best?.operation, query, subresources);
    return best && stray.length === 0 ? best : { subresources: stray };
  };
}

/** Labels by name when the path fits. One trailing slash of a bucket or folder is no segment of its own. */
function matchPath(segments: readonly string[], path: string): Record<string, string> | undefined {
  const parts = path.slice(1).split('/');
  const labels: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const greedy = /^\{(.+)\+\}$/.exec(segment)?.[1];
    const value = greedy ? parts.slice(index, greedyEnd(segments, index, parts)).join('/') : parts[index];
    if (!value) return undefined;
    const label = greedy ?? /^\{(.+)\}$/.exec(segment)?.[1];
    if (label) labels[label] = decodePart(value);
    else if (segment !== value) return undefined;
    if (greedy) parts.splice(index, greedyEnd(segments, index, parts) - index, value);
  }
  const rest = parts.slice(segments.length);
  return rest.length === 0 || (rest.length === 1 && rest[0] === '') ? labels : undefined;
}

const greedyEnd = (segments: readonly string[], index: number, parts: readonly string[]) =>
  Math.max(index + 1, parts.length - (segments.length - 1 - index));

const hasAll = (operation: Operation, query: Route['query'], headers: WireRequest['headers']) =>
  operation.literals.every(
    ([name, value]) => query.has(name) && (value === '' || query.get(name)?.[0] === value),
  ) &&
  operation.input.bindings.every(
    ({ required, place, wireName }) =>
      !required ||
      (place === 'query' && query.has(wireName)) ||
      (place === 'header' && headers[wireName] !== undefined) ||
      (place !== 'query' && place !== 'header'),
  );

const weight = (operation: Operation, query: Route['query']) =>
  100 * operation.literals.length +
  10 *
    operation.input.bindings.filter(({ required, place }) => required && /query|header/.test(place)).length +
  (operation.id !== undefined && query.get('x-id')?.[0] === operation.id ? 1 : 0);

/**
 * Query names that the operation does not know and that may not be skipped: sub-resources of other operations,
 * and bare names, which is how S3 spells sub-resources. Skipping one could turn it into a plain Put or Delete.
 */
function strayNames(
  operation: Operation | undefined,
  query: Route['query'],
  subresources: ReadonlySet<string>,
) {
  const known = new Set(operation?.literals.map(([name]) => name));
  for (const { place, wireName } of operation?.input.bindings ?? [])
    if (place === 'query') known.add(wireName);
  return [...query].flatMap(([name, values]) =>
    known.has(name) || /^x-/i.test(name) || (!subresources.has(name) && values[0] !== '') ? [] : [name],
  );
}
