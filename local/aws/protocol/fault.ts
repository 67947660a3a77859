/** Where diagnostics go; one line each. */
export type Log = (line: string) => void;

/** A request that does not fit the service model; each service turns it into an error of its own. */
export class ShapeFault extends Error {
  override readonly name = 'ShapeFault';
  /** `Syntax`: not a document of this kind; `Missing`: a required member is absent; `Value`: it cannot be read. */
  readonly kind: 'Syntax' | 'Missing' | 'Value';
  readonly place: 'body' | 'header' | 'query' | 'label';
  /** As the model spells it; for headers and queries as the wire spells it. */
  readonly member: string;
  readonly value: string | undefined;

  constructor(
    kind: ShapeFault['kind'],
    place: ShapeFault['place'],
    member: string,
    message: string,
    value?: string,
  ) {
    super(message);
    this.kind = kind;
    this.place = place;
    this.member = member;
    this.value = value;
  }
}
