import type { PutBucketReplicationCommandInput, S3 } from '@aws-sdk/client-s3';
import type { CreateJobRequest } from '@aws-sdk/client-s3-control';
import { ACCOUNT_ID, BODY, type Effect, type OperationCase, operationCases } from './client-cases.ts';

/** A case whose buckets, object and manifest are there: the job can be created. */
export interface PreparedCase {
  name: string;
  request: CreateJobRequest & { AccountId: string };
  effects: PreparedEffect[];
  row?: string;
}

export interface PreparedEffect {
  read: Effect['read'];
  of: { Bucket: string; Key: string };
  answer: object;
}

const ROLE = `arn:aws:iam::${ACCOUNT_ID}:role/batch-operations`;
const KEY_START = 'ü 1+&';

/** Makes all that the cases need, in buckets of which the names begin with `client`. */
export async function prepareCases(s3: S3, client: string): Promise<PreparedCase[]> {
  await makeBuckets(s3, client);
  const prepared: PreparedCase[] = [];
  for (const each of operationCases(client)) prepared.push(await prepareCase(s3, client, each));
  await s3.putBucketReplication(replication(client)); // last, for what is put after it is replicated at once
  return prepared;
}

async function makeBuckets(s3: S3, client: string) {
  for (const name of ['data', 'reports', 'copies', 'source', 'target'])
    await s3.createBucket({ Bucket: `${client}-${name}` });
  for (const name of ['source', 'target'])
    await s3.putBucketVersioning({
      Bucket: `${client}-${name}`,
      VersioningConfiguration: { Status: 'Enabled' },
    });
  await s3.createBucket({ Bucket: `${client}-acls`, ObjectOwnership: 'BucketOwnerPreferred' });
  await s3.createBucket({ Bucket: `${client}-locked`, ObjectLockEnabledForBucket: true });
}

async function prepareCase(
  s3: S3,
  client: string,
  { name, operation, bucket = 'data', put, report, shows = [], row }: OperationCase,
): Promise<PreparedCase> {
  const object = { Bucket: `${client}-${bucket}`, Key: `${KEY_START}/${name}.txt` };
  const { VersionId } = await s3.putObject({ ...object, Body: BODY, ...put });
  return {
    name,
    request: {
      AccountId: ACCOUNT_ID,
      ConfirmationRequired: false,
      Operation: operation,
      Description: name,
      Priority: 10,
      RoleArn: ROLE,
      Manifest: await putManifest(s3, `${client}-reports`, object, VersionId),
      Report: { ...reportTo(`${client}-reports`), ...report },
    },
    effects: shows.map(({ read, answer, in: target }) => ({
      read,
      of: target ? { Bucket: `${client}-${target.bucket}`, Key: target.prefix + object.Key } : object,
      answer,
    })),
    ...(row !== undefined && { row }),
  };
}

async function putManifest(
  s3: S3,
  Bucket: string,
  object: { Bucket: string; Key: string },
  versionId?: string,
): Promise<NonNullable<CreateJobRequest['Manifest']>> {
  const Key = `manifests/${object.Key}.csv`;
  const columns = [object.Bucket, encodeURIComponent(object.Key), ...(versionId ? [versionId] : [])];
  const { ETag } = await s3.putObject({ Bucket, Key, Body: `${columns}\n` });
  return {
    Spec: {
      Format: 'S3BatchOperations_CSV_20180820',
      Fields: ['Bucket', 'Key', ...(versionId ? (['VersionId'] as const) : [])],
    },
    Location: { ObjectArn: `arn:aws:s3:::${Bucket}/${Key}`, ETag },
  };
}

const reportTo = (bucket: string): NonNullable<CreateJobRequest['Report']> => ({
  Enabled: true,
  Bucket: `arn:aws:s3:::${bucket}`,
  Format: 'Report_CSV_20180820',
  Prefix: 'reports',
  ReportScope: 'AllTasks',
});

const replication = (client: string): PutBucketReplicationCommandInput => ({
  Bucket: `${client}-source`,
  ReplicationConfiguration: {
    Role: `arn:aws:iam::${ACCOUNT_ID}:role/replication`,
    Rules: [
      {
        Status: 'Enabled',
        Priority: 1,
        Filter: { Prefix: '' },
        DeleteMarkerReplication: { Status: 'Disabled' },
        Destination: { Bucket: `arn:aws:s3:::${client}-target` },
      },
    ],
  },
});
