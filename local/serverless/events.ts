import type { Route } from '../gateway/routes.ts';

/** The routes among a function's events; any other kind of event throws with its place. */
export function readRoutes(events: unknown, functionName: string, place: string): Route[] {
  if (events === undefined) return [];
  if (!Array.isArray(events)) throw new Error(`${place}: a list is needed here`);
  return events.map((event: Record<string, unknown>, i) => {
    const [kind = '', definition] = Object.entries(event)[0] ?? [];
    if (kind !== 'httpApi')
      throw new Error(`${place}[${i}]: events of the kind ${kind} are not implemented here`);
    return { ...readRoute(definition, `${place}[${i}]`), functionName };
  });
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
