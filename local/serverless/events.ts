import { checkPattern, type EventRule } from '../events/event-rules.ts';
import type { Route } from '../gateway/routes.ts';

export interface FunctionEvents {
  routes: Route[];
  rules: EventRule[];
}

/** `provider.httpApi.authorizers`, by name. */
export type Authorizers = Readonly<
  Record<string, { type?: string; issuerUrl?: string; audience?: readonly string[] }>
>;

/** The authorizer of one route: a type, or a name of those. */
interface RouteAuthorizer {
  type?: string;
  name?: string;
  scopes?: readonly string[];
}

/** A function's events: routes of the HTTP API and rules of EventBridge; any other kind throws with its place. */
export function readEvents(
  events: unknown,
  functionName: string,
  place: string,
  authorizers: Authorizers,
): FunctionEvents {
  if (events === undefined) return { routes: [], rules: [] };
  if (!Array.isArray(events)) throw new Error(`${place}: a list is needed here`);
  const found: FunctionEvents = { routes: [], rules: [] };
  for (const [i, event] of events.entries()) {
    const [kind = '', definition] = Object.entries(event as Record<string, unknown>)[0] ?? [];
    if (kind === 'httpApi')
      found.routes.push({ ...readRoute(definition, `${place}[${i}]`, authorizers), functionName });
    else if (kind === 'eventBridge')
      found.rules.push({ ...readRule(definition, `${place}[${i}]`), functionName });
    else throw new Error(`${place}[${i}]: events of the kind ${kind} are not implemented here`);
  }
  return found;
}

function readRule(definition: unknown, place: string): Omit<EventRule, 'functionName'> {
  const { pattern } = definition as { pattern: EventRule['pattern'] };
  checkPattern(pattern, `${place}.pattern`);
  return { pattern };
}

function readRoute(
  definition: unknown,
  place: string,
  authorizers: Authorizers,
): Omit<Route, 'functionName'> {
  if (typeof definition === 'string') {
    const [method = '', path] = definition.split(' ');
    if (path === undefined) throw new Error(`${place}: "${definition}" is not "METHOD /path"`);
    return { method: methodOf(method), path };
  }
  const { method, path, authorizer } = definition as Record<string, unknown>;
  return {
    method: methodOf(String(method)),
    path: String(path),
    ...(authorizer !== undefined && {
      authorizer: readAuthorizer(authorizer as RouteAuthorizer, `${place}.authorizer`, authorizers),
    }),
  };
}

function readAuthorizer(
  { type, name = '', scopes = [] }: RouteAuthorizer,
  place: string,
  authorizers: Authorizers,
): Route['authorizer'] & {} {
  if (type === 'aws_iam') return 'iam';
  const { type: kind, issuerUrl = '', audience = [] } = authorizers[name] ?? {};
  if (kind === 'jwt') return { issuer: issuerUrl, audience, scopes };
  throw new Error(`${place}: only aws_iam and the name of a JWT authorizer are implemented here`);
}

const methodOf = (method: string) => (method === '*' ? 'ANY' : method.toUpperCase());
