/**
 * S3 Batch Operations for MiniStack: the engine of the local stack, over MiniStack's S3 and Lambda, with the rights of
 * the job's role. Operations without an own call of S3, and generated manifests, are refused.
 */

import { buffer } from 'node:stream/consumers';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CopyObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  PutObjectTaggingCommand,
  RestoreObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { createS3Control } from '../../local/aws/s3control/s3control.ts';
import { type RunningServer, startServer } from '../../local/aws/server.ts';
import { createBatch } from '../../local/batch/batch.ts';
import type { ObjectStore } from '../../local/batch/object-store.ts';
import type { ObjectTarget } from '../../local/batch/object-target.ts';
import { AwsError } from '../../local/core/aws-error.ts';
import { realClock } from '../../local/core/clock.ts';
import { createRandom } from '../../local/core/random.ts';
import { openDatabase } from '../../local/store/database.ts';

/** Of MiniStack's root, which may assume every role that a service may assume. */
export interface AwsConfig {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

/** Starts S3 Control on a free port. It acts as the role of the newest job: run one job at a time. */
export async function startBatchOperations(
  aws: () => AwsConfig,
  log: (line: string) => void,
): Promise<RunningServer> {
  let role: { arn: string; clients: ReturnType<typeof assume> } | undefined;
  const clients = () => {
    if (!role) throw new Error('no job was created');
    return role.clients;
  };
  const database = openDatabase();
  const random = createRandom('rehearsal');
  const batch = createBatch({
    database,
    clock: realClock(),
    random,
    log,
    objects: objectStore(async () => (await clients()).s3, database.transaction),
    lambda: {
      async invoke(FunctionName, payload) {
        const { lambda } = await clients();
        const answer = await asAws(lambda.send(new InvokeCommand({ FunctionName, Payload: payload })));
        return {
          payload: Buffer.from(answer.Payload ?? []).toString(),
          ...(answer.FunctionError && { functionError: 'Unhandled' }),
        };
      },
    },
  });
  batch.start();
  const { handle } = createS3Control({
    batch: {
      ...batch,
      createJob(request) {
        const { RoleArn = '' } = request;
        if (role?.arn !== RoleArn) role = { arn: RoleArn, clients: assume(aws(), RoleArn) };
        return batch.createJob(request);
      },
    },
    random,
  });
  const server = await startServer({ handle });
  return {
    port: server.port,
    async close() {
      await server.close();
      await batch.stop();
      database.close();
    },
  };
}

async function assume(aws: AwsConfig, RoleArn: string) {
  const sts = new STSClient(aws);
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'batch' }));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  const credentials = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
  return {
    s3: new S3Client({ ...aws, credentials, forcePathStyle: true }),
    lambda: new LambdaClient({ ...aws, credentials }),
  };
}

/** The answer; an exception of the SDK becomes the engine's error. */
async function asAws<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error) => {
    throw new AwsError(error.name, error.$metadata?.httpStatusCode ?? 500, error.message);
  });
}

const inputOf = ({ bucket, key, versionId }: ObjectTarget) => ({
  Bucket: bucket,
  Key: key,
  VersionId: versionId,
});

/** Each change has been made when its promise resolves: a task's record and its change are not one transaction. */
function objectStore(client: () => Promise<S3Client>, transaction: ObjectStore['transaction']): ObjectStore {
  const call = <T>(work: (s3: S3Client) => Promise<T>) => asAws(client().then(work));
  const change = (work: (s3: S3Client) => Promise<unknown>) => call(work).then(() => {});
  const refuse = async (): Promise<never> => {
    throw new AwsError('NotImplemented', 501, 'The rehearsal does not have this operation');
  };
  async function* read(target: ObjectTarget, from = 0) {
    const range = from > 0 && { Range: `bytes=${from}-` };
    const { Body } = await call((s3) => s3.send(new GetObjectCommand({ ...inputOf(target), ...range })));
    if (Body) yield* Body as AsyncIterable<Uint8Array>;
  }
  return {
    transaction,
    readObject: read,
    bucketExists: (Bucket) =>
      call((s3) => s3.send(new HeadBucketCommand({ Bucket }))).then(
        () => true,
        () => false,
      ),
    async headObject(target) {
      const head = await call((s3) => s3.send(new HeadObjectCommand(inputOf(target))));
      const { ETag = '', ContentLength: size = 0, VersionId: versionId } = head;
      return { etag: ETag.replaceAll('"', ''), size, ...(versionId !== undefined && { versionId }) };
    },
    async putObject(target, body, { contentType } = {}) {
      const Body = body instanceof Uint8Array ? body : await buffer(body);
      const input = { ...inputOf(target), Body, ContentType: contentType };
      const { ETag = '' } = await call((s3) => s3.send(new PutObjectCommand(input)));
      return { etag: ETag.replaceAll('"', ''), size: Body.length };
    },
    putObjectTagging: (target, tags) =>
      change((s3) =>
        s3.send(new PutObjectTaggingCommand({ ...inputOf(target), Tagging: { TagSet: [...tags] } })),
      ),
    deleteObjectTagging: (target) => change((s3) => s3.send(new DeleteObjectTaggingCommand(inputOf(target)))),
    copyObject: ({ bucket, key, versionId }, copy) => {
      const version = versionId === undefined ? '' : `?versionId=${versionId}`;
      const CopySource = `${bucket}/${encodeURIComponent(key)}${version}`;
      return change((s3) => s3.send(new CopyObjectCommand({ ...copy, CopySource }))).then(() => () => {});
    },
    putObjectAcl: (target, acl) =>
      change((s3) => s3.send(new PutObjectAclCommand({ ...inputOf(target), ...acl }))),
    restoreObject: (target, restore) =>
      change((s3) => s3.send(new RestoreObjectCommand({ ...inputOf(target), ...restore }))),
    putObjectLegalHold: (target, Status) =>
      change((s3) => s3.send(new PutObjectLegalHoldCommand({ ...inputOf(target), LegalHold: { Status } }))),
    putObjectRetention: (target, retention) =>
      change((s3) => s3.send(new PutObjectRetentionCommand({ ...inputOf(target), ...retention }))),
    checkObjectLock: (Bucket) => change((s3) => s3.send(new GetObjectLockConfigurationCommand({ Bucket }))),
    listObjects: refuse,
    updateObjectEncryption: refuse,
    replicateObject: refuse,
    computeChecksum: refuse,
  };
}
