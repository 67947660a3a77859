/**
 * Keys in the stack's bucket. Each starts with its kind, which the roles grant one by one, and then has the mark of the
 * tenant, so that no tenant can guess or name a key of another one.
 */
export const manifestPrefixOf = (tenantMark: string): string => `manifests/${tenantMark}`;
export const reportPrefixOf = (tenantMark: string): string => `reports/${tenantMark}`;

/** The manifests of all children of one job request have this prefix, so listing it finds the children. */
export const childPrefixOf = (parentId: string): string => `retries/${parentId}/`;

/** The object exists once the request was cancelled before S3 had its job. */
export const cancelMarkKeyOf = (id: string): string => `${childPrefixOf(id)}cancelled`;
