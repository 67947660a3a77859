/** Number of entries that are sent before the event loop turns, so that the other thread can start on them. */
const FULL = 32;
/** Strings of one entry (see messages.ts). */
const WIDTH = 3;

/** Collects entries for the other thread and sends them as lists, because one message costs as much as many entries. */
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
