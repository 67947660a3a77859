/** The caller, from API Gateway's authorizer. */
export interface Caller {
  /** IAM authorizer: ARN of a user, or of a role's session. */
  userArn?: string;
  /** JWT authorizer. */
  claims?: Record<string, unknown>;
}

const MAX_NAME = 512;

/** The caller's user ARN, or the subject of its token; undefined if it has neither. */
export function callerNameOf({ userArn, claims }: Caller): string | undefined {
  const name = userArn ?? claims?.['sub'] ?? claims?.['client_id'];
  return typeof name === 'string' && name ? name.slice(0, MAX_NAME) : undefined;
}

/**
 * The tenant that owns what the caller submits, by the configured tenancy: `deployment` (all callers are one
 * tenant), `principal` (the IAM user or role, without its session name) or `claim:NAME`. Undefined when the caller
 * has no such identity.
 */
export function tenantOf(tenancy: string, caller: Caller): string | undefined {
  if (tenancy === 'deployment') return 'deployment';
  if (tenancy === 'principal')
    return caller.userArn?.replace(/^(arn:[^:]+:sts::\d+:assumed-role\/.+)\/[^/]+$/, '$1');
  const claim = caller.claims?.[tenancy.replace(/^claim:/, '')];
  return typeof claim === 'string' && claim ? claim : undefined;
}
