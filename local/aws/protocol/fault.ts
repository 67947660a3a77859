/** Takes diagnostics, one line each. */
export type Log = (line: string) => void;

/** Most lines that one request may add to the log. */
const MAX_LINES = 10;

/** The log for one request: it takes a few lines and then says that there are more. */
export function limitLines(log: Log | undefined): Log | undefined {
  let lines = 0;
  return (
    log &&
    ((line) => {
      lines++;
      if (lines <= MAX_LINES) log(line.slice(0, 1_000));
      else if (lines === MAX_LINES + 1) log('further lines of this request are left out');
    })
  );
}

/** A request that does not fit the service model. Each service turns it into its own error. */
export class ShapeFault extends Error {
  override readonly name = 'ShapeFault';
  /** `NoBody`: a required body is absent; `Syntax`: not a document of this kind; `Missing`: a required member is absent; `Value`: it cannot be read. */
  readonly kind: 'NoBody' | 'Syntax' | 'Missing' | 'Value';
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
