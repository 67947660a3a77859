import type { JwtAuthorizer } from './jwt.ts';

/** One route of the HTTP API. */
export interface Route {
  /** `GET`, …, or `ANY`. */
  method: string;
  /** As in serverless.yml: `/jobs/{id}`; a last segment `{rest+}` matches the rest of the path. */
  path: string;
  functionName: string;
  /** With `iam` the function gets the caller as an IAM user; with a JWT authorizer it gets the claims of the token. */
  authorizer?: 'iam' | JwtAuthorizer;
}

export interface RouteMatch {
  route: Route;
  /** Decoded. */
  pathParameters: Record<string, string>;
}

/** The route that API Gateway chooses: exact segments before variables, variables before `{rest+}`. */
export function matchRoute(
  routes: readonly Route[],
  method: string,
  decodedSegments: readonly string[],
): RouteMatch | undefined {
  const matches = routes
    .filter((route) => route.method === method || route.method === 'ANY')
    .flatMap((route) => matchPath(route, decodedSegments) ?? [])
    .sort((a, b) => specificity(b.route).localeCompare(specificity(a.route)));
  return matches[0];
}

function matchPath(route: Route, segments: readonly string[]): RouteMatch | undefined {
  const pathParameters: Record<string, string> = {};
  const pattern = segmentsOf(route.path);
  for (const [i, expected] of pattern.entries()) {
    const segment = segments[i];
    if (!segment && expected !== segment) return undefined;
    const [, name, greedy] = /^\{([^}+]+)(\+?)\}$/.exec(expected) ?? [];
    if (name && greedy) {
      pathParameters[name] = segments.slice(i).join('/');
      return { route, pathParameters };
    }
    if (name && segment) pathParameters[name] = segment;
    else if (expected !== segment) return undefined;
  }
  return pattern.length === segments.length ? { route, pathParameters } : undefined;
}

export const segmentsOf = (path: string) => path.split('/').slice(1);

/** One letter for each segment, so that comparing texts compares routes. A named method wins a tie. */
const specificity = ({ method, path }: Route) =>
  segmentsOf(path)
    .map((segment) => (segment.endsWith('+}') ? 'a' : segment.startsWith('{') ? 'b' : 'c'))
    .join('') + (method === 'ANY' ? 'a' : 'b');
