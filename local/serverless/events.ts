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

/** The authorizer of one route: a type, or the name of an authorizer. */
interface RouteAuthorizer {
  type?: string;
  name?: string;
  scopes?: readonly string[];
}

/** A function's events: routes of the HTTP API and rules of EventBridge; throws with the location of any other kind. */
export function readEvents(
  events: unknown,
  functionName: string,
  location: string,
  authorizers: Authorizers,
): FunctionEvents {
  if (events === undefined) return { routes: [], rules: [] };
  if (!Array.isArray(events)) throw new Error(`${location}: expected a list`);
  const found: FunctionEvents = { routes: [], rules: [] };
  for (const [i, event] of events.entries()) {
    const [kind = '', definition] = Object.entries(event as Record<string, unknown>)[0] ?? [];
    if (kind === 'httpApi')
      found.routes.push({ ...readRoute(definition, `${location}[${i}]`, authorizers), functionName });
    else if (kind === 'eventBridge')
      found.rules.push({ ...readRule(definition, `${location}[${i}]`), functionName });
    else throw new Error(`${location}[${i}]: events of the kind ${kind} are not implemented`);
  }
  return found;
}

function readRule(definition: unknown, location: string): Omit<EventRule, 'functionName'> {
  const { pattern } = definition as { pattern: EventRule['pattern'] };
  checkPattern(pattern, `${location}.pattern`);
  return { pattern };
}

function readRoute(
  definition: unknown,
  location: string,
  authorizers: Authorizers,
): Omit<Route, 'functionName'> {
  if (typeof definition === 'string') {
    const [method = '', path] = definition.split(' ');
    if (path === undefined) throw new Error(`${location}: "${definition}" is not "METHOD /path"`);
    return { method: methodOf(method), path };
  }
  const { method, path, authorizer } = definition as Record<string, unknown>;
  return {
    method: methodOf(String(method)),
    path: String(path),
    ...(authorizer !== undefined && {
      authorizer: readAuthorizer(authorizer as RouteAuthorizer, `${location}.authorizer`, authorizers),
    }),
  };
}

function readAuthorizer(
  { type, name = '', scopes = [] }: RouteAuthorizer,
  location: string,
  authorizers: Authorizers,
): Route['authorizer'] & {} {
  if (type === 'aws_iam') return 'iam';
  const { type: kind, issuerUrl = '', audience = [] } = authorizers[name] ?? {};
  if (kind === 'jwt') return { issuer: issuerUrl, audience, scopes };
  throw new Error(`${location}: only aws_iam and the name of a JWT authorizer are implemented`);
}

const methodOf = (method: string) => (method === '*' ? 'ANY' : method.toUpperCase());
