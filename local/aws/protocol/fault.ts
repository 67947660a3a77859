/** Takes diagnostics, one line each. */
export type Log = (line: string) => void;

/** A request that does not fit the service model. Each service turns it into its own error. */
export class ShapeFault extends Error {
  override readonly name = 'ShapeFault';
  /** `Syntax`: not a document of this kind; `Missing`: a required member is absent; `Value`: it cannot be read. */
  readonly kind: 'Syntax' | 'Missing' | 'Value';
  readonly location: 'body' | 'header' | 'query' | 'label';
  /** As the model spells it; for headers and queries as the wire spells it. */
  readonly member: string;
  readonly value: string | undefined;

  constructor(
    kind: ShapeFault['kind'],
    location: ShapeFault['location'],
    member: string,
    message: string,
    value?: string,
  ) {
    super(message);
    this.kind = kind;
    this.location = location;
    this.member = member;
    this.value = value;
  }
}
