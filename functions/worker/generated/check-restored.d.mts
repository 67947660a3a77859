/**
 * Succeeds if the object can be read: it is not archived, or it has been restored.
 */
export interface CheckRestored {}
import type { SchemaError } from '../../core/schema-advice.ts';
declare const validate: { (data: unknown): data is CheckRestored; errors?: SchemaError[] | null };
export default validate;
export const argumentTypes: {};
