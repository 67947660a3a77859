/** The names of all variables and functions in a syntax tree. */
export function variablesOf(node: unknown): string[] {
  const names = new Set<string>();
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) part.forEach(visit);
    else if (typeof part === 'object' && part !== null) {
      const { type, value } = part as { type?: unknown; value?: unknown };
      if (type === 'variable') names.add(String(value));
      Object.values(part).forEach(visit);
    }
  };
  visit(node);
  return [...names];
}
