import type { WireRequest } from '../../core/wire.ts';
import { type Operation, type OperationOptions, restOperations } from './operation.ts';
import { decodePart, parseQuery } from './query.ts';

type Query = ReadonlyMap<string, readonly string[]>;

export interface Route {
  operation: Operation;
  labels: Readonly<Record<string, string>>;
  query: Query;
}

/** A request that fits no operation. */
export interface NoRoute {
  operation?: undefined;
  /** Query names that are not part of any operation. */
  subresources: string[];
}

export type Router = (request: WireRequest) => Route | NoRoute;

/** An operation and what it requires of a request. */
interface Candidate {
  operation: Operation;
  queryNames: string[];
  headerNames: string[];
  known: ReadonlySet<string>;
}

/**
 * Finds the operation for a request: of those that fit, the one that requires most. An operation whose required headers
 * are missing is chosen only if it is alone in its literals, so that reading the request names the missing header.
 * Making a router takes longer than everything else at the start of a service: make one for each model.
 */
export function createRouter(model: object, options: OperationOptions = {}): Router {
  const operations = restOperations(model, options);
  const subresources = new Set(operations.flatMap(({ literals }) => literals.map(([name]) => name)));
  const byMethod = Map.groupBy(
    operations.map(candidateOf).sort(byRequirements),
    ({ operation }) => operation.method,
  );
  return (request) => {
    const query = parseQuery(request.query);
    const fitting = (byMethod.get(request.method) ?? []).filter((candidate) =>
      fits(candidate, request, query),
    );
    const literals = fitting[0]?.operation.literals.length;
    const strictest = fitting.filter(({ operation }) => operation.literals.length === literals);
    const complete = strictest.filter((candidate) => hasHeaders(candidate, request));
    const best = chooseById(complete.length > 0 ? complete : strictest, query);
    const stray = [...query].filter(([name, values]) => {
      const isIgnored = /^x-/i.test(name) || (!subresources.has(name) && values[0] !== '');
      return !best?.known.has(name) && !isIgnored;
    });
    // Ignoring an unknown sub-resource would turn the request into another one, such as a plain Put or Delete.
    if (!best || stray.length > 0) return { subresources: stray.map(([name]) => name) };
    return { operation: best.operation, labels: labelsOf(best.operation, request.path), query };
  };
}

/** The first candidate, unless `x-id` names another one with the same requirements. */
function chooseById(candidates: readonly Candidate[], query: Query): Candidate | undefined {
  const [first] = candidates;
  const equals = candidates.filter((other) => first && byRequirements(first, other) === 0);
  return equals.find(({ operation: { id } }) => query.get('x-id')?.[0] === id) ?? first;
}

function candidateOf(operation: Operation): Candidate {
  const { literals, input } = operation;
  const names = (location: string, onlyRequired: boolean) =>
    input.bindings
      .filter((binding) => binding.location === location && (binding.required || !onlyRequired))
      .map(({ wireName }) => wireName);
  return {
    operation,
    queryNames: names('query', true),
    headerNames: names('header', true),
    known: new Set([...literals.map(([name]) => name), ...names('query', false)]),
  };
}

/** By literals, then by parameters and headers, then by the length of the path, which a greedy label may hide. */
const byRequirements = (a: Candidate, b: Candidate) =>
  b.operation.literals.length - a.operation.literals.length ||
  b.queryNames.length + b.headerNames.length - a.queryNames.length - a.headerNames.length ||
  b.operation.path.source.length - a.operation.path.source.length;

const fits = ({ operation, queryNames }: Candidate, { path }: WireRequest, query: Query) =>
  operation.path.test(path) &&
  operation.literals.every(
    ([name, value]) => query.has(name) && (value === '' || query.get(name)?.[0] === value),
  ) &&
  queryNames.every((name) => query.has(name));

const hasHeaders = ({ headerNames }: Candidate, { headers }: WireRequest) =>
  headerNames.every((name) => headers[name] !== undefined);

function labelsOf({ path, labels }: Operation, text: string): Record<string, string> {
  const [, ...values] = path.exec(text) ?? [];
  return Object.fromEntries(labels.map((label, index) => [label, decodePart(values[index] ?? '')]));
}
