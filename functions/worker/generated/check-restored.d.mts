/**
 * Succeeds if the object can be read: it is not archived, or it has been restored.
 */
export interface CheckRestored {}

export interface SchemaError {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}
declare const validate: { (data: unknown): data is CheckRestored; errors?: SchemaError[] | null };
export default validate;
export const argumentTypes: {};
