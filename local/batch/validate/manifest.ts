import { type JobManifest, JobManifestFieldName, JobManifestFormat } from '@aws-sdk/client-s3-control';
import { invalidRequest } from '../errors.ts';
import { all, list, oneOf, required, structure, text, whenPresent } from './checks.ts';
import { objectArn } from './common.ts';

/** The columns of a CSV manifest are named in the request; an inventory report names its own. */
const fieldsFitFormat = whenPresent((value, path) => {
  const { Format, Fields } = value as NonNullable<JobManifest['Spec']>;
  const isCsv = Format === 'S3BatchOperations_CSV_20180820';
  if (isCsv && !Fields?.length)
    throw invalidRequest(`${path}.Fields`, 'is required: it names the columns of the CSV');
  if (!isCsv && Fields)
    throw invalidRequest(
      `${path}.Fields`,
      'is not allowed for an inventory report, which names its own columns',
    );
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
