import { ListObjectsV2Command, type ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { isKnownError } from '../core/errors.ts';
import type { Finding, ManifestRow } from '../core/generated/dry-run.mjs';
import { bucketOfArn } from '../domain/allowed/arns.ts';
import { finding } from '../domain/checks/findings.ts';
import {
  type Generator,
  isChosen,
  isInListing,
  type ListedObject,
  prefixOf,
} from '../domain/checks/generator-filter.ts';
import { s3Client } from './clients.ts';
import { callAws, statusOf } from './known-errors.ts';

const FILTER = '/ManifestGenerator/S3JobManifestGenerator/Filter';
const SOURCE = '/ManifestGenerator/S3JobManifestGenerator/SourceBucket';

export interface ListLimits {
  /** Keys to find. */
  samples: number;
  /** Pages of 1,000 keys to list. */
  maxPages: number;
  hasTime(): boolean;
  signal: AbortSignal;
}

const listedOf = ({ Contents = [] }: ListObjectsV2CommandOutput): ListedObject[] =>
  Contents.map(
    ({ Key: key = '', Size: size = 0, StorageClass: storageClass = 'STANDARD', LastModified }) => ({
      key,
      size,
      storageClass,
      modifiedMs: LastModified?.getTime() ?? 0,
    }),
  );

/** Lists the source bucket until enough keys are found, or a limit is reached. */
async function chosenKeys(generator: Generator, bucket: string, { signal, ...limits }: ListLimits) {
  const keys: string[] = [];
  let token: string | undefined;
  for (let page = 0; page < limits.maxPages && limits.hasTime(); page++) {
    const command = new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefixOf(generator),
      ContinuationToken: token,
    });
    const answer = await callAws(() => s3Client().send(command, { abortSignal: signal }));
    const chosen = listedOf(answer).filter((object) => isChosen(object, generator));
    keys.push(...chosen.map(({ key }) => key));
    token = answer.NextContinuationToken;
    if (token === undefined || keys.length >= limits.samples)
      return { keys, isComplete: token === undefined };
  }
  return { keys, isComplete: false };
}

/**
 * The first rows that a manifest generator would write, and what is to be said of its filter. An error of S3 is a
 * finding, never thrown.
 */
export async function listGenerated(
  generator: Generator,
  limits: ListLimits,
): Promise<{ rows: ManifestRow[]; findings: Finding[] }> {
  const bucket = bucketOfArn(generator.SourceBucket) ?? '';
  try {
    const { keys, isComplete } = await chosenKeys(generator, bucket, limits);
    const rows = keys.slice(0, limits.samples).map((Key) => ({ Bucket: bucket, Key }));
    if (rows.length === 0)
      return {
        rows,
        findings: [finding(isComplete ? 'nothing-chosen' : 'none-chosen-yet', { pointer: FILTER })],
      };
    return { rows, findings: isInListing(generator) ? [] : [finding('filter-in-part', { pointer: FILTER })] };
  } catch (error) {
    if (!isKnownError(error)) throw error;
    // The check of the bucket reports that it is missing.
    if (statusOf(error) === 404) return { rows: [], findings: [] };
    const detail = `The objects in ${bucket} could not be listed.`;
    return { rows: [], findings: [finding('unchecked', { detail, pointer: SOURCE })] };
  }
}
