export type Members = Record<string, unknown>;

export function membersOf(value: unknown, location: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${location}: expected an object`);
  return value as Members;
}

/** Type of a resource of the template, such as `AWS::SNS::Topic`. */
export const typeOf = (resources: Members, logicalId: string) =>
  String(membersOf(resources[logicalId], `resources.Resources.${logicalId}`)['Type']);
