import { join } from 'node:path';
import * as Model from '@aws-sdk/client-s3';
import type { AwsError } from '../../core/aws-error.ts';
import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { WireHandler, WireRequest } from '../../core/wire.ts';
import type { Database } from '../../store/database.ts';
import type { Intercept } from '../protocol/action.ts';
import type { Log, ShapeFault } from '../protocol/fault.ts';
import { restXml } from '../protocol/rest-xml.ts';
import { createRouter } from '../protocol/router.ts';
import { createActions } from './actions.ts';
import { S3_LIMITS, type S3Core, type S3Limits } from './core.ts';
import { invalidArgument, invalidRequest, malformedXml, missingRequestBody } from './errors.ts';
import { createObjectsForBatch, type LocalObjectStore } from './objects-for-batch.ts';
import { decodeAwsChunked } from './payload/aws-chunked.ts';
import { readUtf8 } from './payload/header-text.ts';
import { addPresignedHeaders } from './payload/presigned-headers.ts';
import { verifyBody } from './payload/verified-body.ts';
import { createBodyTable } from './store/bodies.ts';
import { createBodyFiles } from './store/body-files.ts';
import { createBucketTable } from './store/buckets.ts';
import { createObjectTable } from './store/objects.ts';
import { defineTables } from './store/schema.ts';
import { createUploadTable } from './store/uploads.ts';
import { pathStyle } from './virtual-host.ts';

export interface S3Options {
  database: Database;
  clock: Clock;
  random: Random;
  limits?: Partial<S3Limits>;
  intercept?: Intercept;
  log?: Log;
}

export interface S3 {
  handle: WireHandler;
  objects: LocalObjectStore;
}

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const route = createRouter(Model, { bucketInPath: true, unwrapped: ['GetBucketLocation'] });

/** Amazon S3 on one machine: `handle` serves the HTTP API, `objects` serves the batch engine. */
export function createS3({ database, clock, random, limits, intercept, log }: S3Options): S3 {
  defineTables(database);
  const files = createBodyFiles(database.dir && join(database.dir, 'bodies'));
  const bodies = createBodyTable(database, files, random);
  const core: S3Core = {
    database,
    clock,
    random,
    bodies,
    buckets: createBucketTable(database),
    objects: createObjectTable(database, bodies, random),
    uploads: createUploadTable(database, bodies, random),
    limits: { ...S3_LIMITS, ...limits },
  };
  const answer = restXml<typeof Model>({
    route,
    namespace: NAMESPACE,
    actions: createActions(core),
    noErrorWrapping: true,
    anyCharacter: true,
    optionalMembers: ['Tagging.TagSet'],
    refuse: toS3Error,
    intercept,
    random,
    ...(log && { log }),
  });
  return {
    objects: createObjectsForBatch(core),
    handle: async (request) => {
      bodies.sweep();
      const response = await answer(prepare(request));
      return { ...response, headers: { date: new Date(clock.now()).toUTCString(), ...response.headers } };
    },
  };
}

/** Applies what S3 does to every request before it routes it. */
const prepare = (request: WireRequest): WireRequest =>
  verifyBody(decodeAwsChunked(addPresignedHeaders(readUtf8(pathStyle(request)))));

/** The S3 error for a request that does not fit the service model. */
function toS3Error({ kind, location, member, value, message }: ShapeFault): AwsError {
  if (kind === 'NoBody') return missingRequestBody();
  if (location === 'body') return malformedXml();
  if (kind === 'Missing')
    return invalidRequest(`Missing required header or parameter for this request: ${member}`);
  return invalidArgument(message, member, value ?? '');
}
