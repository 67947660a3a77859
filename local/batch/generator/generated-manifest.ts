import type { GeneratedList } from '../job-record.ts';
import { columnsOf } from '../manifest/columns.ts';
import { readCsv } from '../manifest/csv-reader.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { GeneratedRows } from './generated-rows.ts';

/** The manifest of a job with a generated list; each piece of the list counts as a file. */
export function generatedManifest(jobId: string, { fields }: GeneratedList, rows: GeneratedRows): Manifest {
  const columns = columnsOf(fields);
  return {
    async *tasks({ task, file, offset }) {
      let number = task;
      let from = offset;
      for (let piece = file; ; piece++) {
        const text = rows.piece(jobId, piece);
        if (text === undefined) return;
        const bytes = Buffer.from(text).subarray(from);
        for await (const tasks of readCsv(once(bytes), columns, {
          task: number,
          file: piece,
          offset: from,
        })) {
          number += tasks.length;
          yield tasks;
        }
        from = 0;
      }
    },
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
