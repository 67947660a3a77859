import { checkPattern, type EventRule } from '../events/event-rules.ts';
import type { Route } from '../gateway/routes.ts';

export interface FunctionEvents {
  routes: Route[];
  rules: EventRule[];
}

/** A function's events: routes of the HTTP API and rules of EventBridge; any other kind throws with its place. */
export function readEvents(events: unknown, functionName: string, place: string): FunctionEvents {
  if (events === undefined) return { routes: [], rules: [] };
  if (!Array.isArray(events)) throw new Error(`${place}: a list is needed here`);
  const found: FunctionEvents = { routes: [], rules: [] };
  for (const [i, event] of events.entries()) {
    const [kind = '', definition] = Object.entries(event as Record<string, unknown>)[0] ?? [];
    if (kind === 'httpApi') found.routes.push({ ...readRoute(definition, `${place}[${i}]`), functionName });
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

function readRoute(definition: unknown, place: string): Omit<Route, 'functionName'> {
  if (typeof definition === 'string') {
    const [method = '', path] = definition.split(' ');
    if (path === undefined) throw new Error(`${place}: "${definition}" is not "METHOD /path"`);
    return { method: methodOf(method), path };
  }
  const { method, path, authorizer } = definition as Record<string, unknown>;
  const isIam = (authorizer as { type?: string } | undefined)?.type === 'aws_iam';
  if (authorizer !== undefined && !isIam)
    throw new Error(`${place}.authorizer: only aws_iam is implemented here`);
  return { method: methodOf(String(method)), path: String(path), ...(isIam ? { authorizer: 'iam' } : {}) };
}

const methodOf = (method: string) => (method === '*' ? 'ANY' : method.toUpperCase());
