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
