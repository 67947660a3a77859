import type { CreateJobRequest, JobManifest } from '@aws-sdk/client-s3-control';
import { AwsError } from '../../aws/wire.ts';
import { objectOfArn } from '../arn.ts';
import type { ObjectFacts, ObjectStore, ObjectTarget } from '../object-store.ts';
import { ETAG_FORMAT_FAULT, ETAG_MISMATCH, FAILURE_CODES, FORMAT_FAULT } from '../unconfirmed.ts';
import { csvManifest } from './csv-manifest.ts';
import type { Manifest } from './manifest.ts';
import { invalidContent, ManifestFault } from './manifest-fault.ts';

/** The job's list of objects. Throws ManifestFault when it is not there, not the one meant, or not understood. */
export async function openManifest(objects: ObjectStore, request: CreateJobRequest): Promise<Manifest> {
  if (!request.Manifest) throw new Error('this job has no manifest');
  const target = targetOf(request.Manifest);
  const etag = unquoted(request.Manifest.Location?.ETag ?? '');
  if (!ETAG.test(etag)) throw invalidContent(ETAG_FORMAT_FAULT);
  const facts = await headManifest(objects, target);
  if (unquoted(facts.etag) !== etag) throw new ManifestFault(FAILURE_CODES.manifestUnreadable, ETAG_MISMATCH);
  if (facts.encryption?.startsWith('aws:kms')) throw invalidContent(FORMAT_FAULT, 'encrypted with a KMS key');
  return csvManifest(objects, target, request.Manifest.Spec);
}

const ETAG = /^[0-9a-f]{32}(-\d+)?$/i;

const unquoted = (etag: string): string => etag.replace(/^"(.*)"$/, '$1');

function targetOf({ Location }: JobManifest): ObjectTarget {
  const target = objectOfArn(Location?.ObjectArn ?? '');
  return Location?.ObjectVersionId ? { ...target, versionId: Location.ObjectVersionId } : target;
}

async function headManifest(objects: ObjectStore, target: ObjectTarget): Promise<ObjectFacts> {
  try {
    return await objects.headObject(target);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const reason =
      error.status === 403 ? 'Reading the manifest is forbidden' : 'Reading the manifest was not possible';
    throw new ManifestFault(FAILURE_CODES.manifestUnreadable, `${reason}: ${error.code}`);
  }
}
