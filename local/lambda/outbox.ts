/** So many entries make a list that is worth sending before the loop turns: the other thread can begin with it. */
const FULL = 32;
/** Strings of one entry, as messages.ts has them. */
const WIDTH = 3;

/** Collects entries for the other thread and sends them in lists, since a message costs as much as many entries. */
export function createOutbox(send: (list: string[]) => void) {
  const list: string[] = [];
  const flush = () => {
    if (list.length > 0) send(list.splice(0));
  };
  return (first: string, second: string, third: string): void => {
    const length = list.push(first, second, third);
    if (length === WIDTH) setImmediate(flush);
    else if (length >= FULL * WIDTH) flush();
  };
}
