/**
 * An OpenAPI 3.1 document.
 */
export interface Contract {
  openapi: string;
  info: {
    [k: string]: unknown;
  };
  paths: {
    [k: string]: unknown;
  };
  [k: string]: unknown;
}

export interface SchemaError {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}
declare const validate: { (data: unknown): data is Contract; errors?: SchemaError[] | null };
export default validate;
