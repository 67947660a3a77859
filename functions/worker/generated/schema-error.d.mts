export interface SchemaError {
  instancePath: string;
  keyword: string;
  /** Only of a fault in a name, which a fault with the keyword propertyNames follows. */
  propertyName?: string;
  message?: string;
  params: Record<string, unknown>;
}
