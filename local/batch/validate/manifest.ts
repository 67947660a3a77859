import { type JobManifest, JobManifestFieldName, JobManifestFormat } from '@aws-sdk/client-s3-control';
import { invalidRequest } from '../errors.ts';
import { all, list, oneOf, required, structure, text, whenPresent } from './checks.ts';
import { objectArn } from './common.ts';

/** A CSV manifest says what its columns are; an inventory report says so itself. */
const fieldsFitFormat = whenPresent((value, path) => {
  const { Format, Fields } = value as NonNullable<JobManifest['Spec']>;
  const isCsv = Format === 'S3BatchOperations_CSV_20180820';
  if (isCsv && !Fields?.length) throw invalidRequest(`${path}.Fields`, 'must name the columns of the CSV');
  if (!isCsv && Fields) throw invalidRequest(`${path}.Fields`, 'must be left out for an inventory report');
});

export const manifest = structure<JobManifest>({
  Spec: required(
    all(
      structure({ Format: required(oneOf(JobManifestFormat)), Fields: list(oneOf(JobManifestFieldName)) }),
      fieldsFitFormat,
    ),
  ),
  Location: required(
    structure({
      ObjectArn: required(objectArn),
      ETag: required(text({ max: 1024 })),
      ObjectVersionId: text({ max: 2000 }),
    }),
  ),
});
