import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** The log of the functions: it never throws. */
export interface FunctionLog {
  write(functionName: string, text: string): void;
  close(): void;
}

/** Size at which a new file begins. The one before is kept as `functions.log.1`. */
const MAX_BYTES = 16 * 1024 * 1024;

/** `functions.log` in the folder of the state. Without a folder, the output of functions is dropped. */
export function openFunctionLog(
  dataDir: string | undefined,
  log: (line: string) => void,
  maxBytes = MAX_BYTES,
): FunctionLog {
  if (dataDir === undefined) return { write: () => {}, close: () => {} };
  const path = join(dataDir, 'functions.log');
  let file: number | undefined = openSync(path, 'a');
  let bytes = fstatSync(file).size;
  let isFailing = false;

  const rotate = () => {
    if (file !== undefined) closeSync(file);
    file = undefined;
    renameSync(path, `${path}.1`);
    file = openSync(path, 'a');
    bytes = 0;
  };

  return {
    write(_functionName, text) {
      if (file === undefined && !isFailing) return; // a thread may still print after the stack has stopped
      try {
        file ??= openSync(path, 'a');
        const length = Buffer.byteLength(text);
        if (bytes > 0 && bytes + length > maxBytes) rotate();
        writeSync(file, text);
        bytes += length;
        isFailing = false;
      } catch (error) {
        if (!isFailing) log(`functions.log: ${(error as Error).message}`);
        isFailing = true;
      }
    },
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
      isFailing = false;
    },
  };
}
