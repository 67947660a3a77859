import type { JobManifest } from '@aws-sdk/client-s3-control';
import type { ObjectStore, ObjectTarget } from '../object-store.ts';
import { columnsOf } from './columns.ts';
import { readCsv } from './csv-reader.ts';
import type { Manifest } from './manifest.ts';

/** `S3BatchOperations_CSV_20180820`: plain text, columns as the job says. */
export function csvManifest(objects: ObjectStore, target: ObjectTarget, spec: JobManifest['Spec']): Manifest {
  const columns = columnsOf(spec?.Fields ?? []);
  return {
    tasks: (from) => readCsv(objects.readObject(target, from.offset), columns, from),
  };
}
