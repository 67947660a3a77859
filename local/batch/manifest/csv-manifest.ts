import type { JobManifest } from '@aws-sdk/client-s3-control';
import type { ObjectStore } from '../object-store.ts';
import type { ObjectTarget } from '../object-target.ts';
import { columnsOf } from './columns.ts';
import { readCsv } from './csv-reader.ts';
import type { Manifest } from './manifest.ts';

/** `S3BatchOperations_CSV_20180820`: plain text with the columns that the job names. */
export function csvManifest(objects: ObjectStore, target: ObjectTarget, spec: JobManifest['Spec']): Manifest {
  const columns = columnsOf(spec?.Fields ?? []);
  return {
    tasks: (from) => readCsv(objects.readObject(target, from.offset), columns, from),
  };
}
