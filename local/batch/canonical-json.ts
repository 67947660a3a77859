/** JSON text that is the same for equal values in any order of their members. Dates are kept as dates. */
export const toCanonicalJson = (value: unknown): string => JSON.stringify(canonical(value));

/** Reads what `toCanonicalJson` wrote. */
export const fromCanonicalJson = <T>(text: string): T =>
  JSON.parse(text, (_, value) => (isDateMark(value) ? new Date(value.$date) : value)) as T;

function canonical(value: unknown): unknown {
  if (value instanceof Date) return { $date: value.toISOString() };
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, canonical(member)]));
}

const isDateMark = (value: unknown): value is { $date: string } =>
  typeof value === 'object' && value !== null && '$date' in value && Object.keys(value).length === 1;
