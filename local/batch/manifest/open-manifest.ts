import type { JobManifest } from '@aws-sdk/client-s3-control';
import { AwsError } from '../../core/aws-error.ts';
import { objectOfArn } from '../arn.ts';
import type { ObjectFacts, ObjectStore } from '../object-store.ts';
import type { ObjectTarget } from '../object-target.ts';
import { ETAG_FORMAT_FAULT, ETAG_MISMATCH, FAILURE_CODES, KMS_FAULT } from '../unconfirmed.ts';
import { csvManifest } from './csv-manifest.ts';
import { inventoryManifest } from './inventory-manifest.ts';
import type { Manifest } from './manifest.ts';
import { invalidContent, ManifestFault, unreadable } from './manifest-fault.ts';

/**
 * Opens the job's list of objects. Throws ManifestFault when the object is missing, has another ETag, or has a format
 * that cannot be read.
 */
export async function openManifest(objects: ObjectStore, manifest: JobManifest): Promise<Manifest> {
  const target = targetOf(manifest);
  const etag = unquoted(manifest.Location?.ETag ?? '');
  if (!ETAG.test(etag)) throw invalidContent(ETAG_FORMAT_FAULT);
  const facts = await headManifest(objects, target);
  if (unquoted(facts.etag) !== etag) throw new ManifestFault(FAILURE_CODES.manifestUnreadable, ETAG_MISMATCH);
  if (manifest.Spec?.Format === 'S3InventoryReport_CSV_20161130') return inventoryManifest(objects, target);
  if (facts.encryption?.startsWith('aws:kms')) throw invalidContent(KMS_FAULT);
  return csvManifest(objects, target, manifest.Spec);
}

const ETAG = /^[0-9a-f]{32}(-\d+)?$/i;

const unquoted = (etag: string): string => etag.replace(/^"(.*)"$/, '$1');

function targetOf({ Location }: JobManifest): ObjectTarget {
  const target = objectOfArn(Location?.ObjectArn);
  return Location?.ObjectVersionId ? { ...target, versionId: Location.ObjectVersionId } : target;
}

async function headManifest(objects: ObjectStore, target: ObjectTarget): Promise<ObjectFacts> {
  try {
    return await objects.headObject(target);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw unreadable(error);
  }
}
