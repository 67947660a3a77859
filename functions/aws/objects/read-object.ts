import type { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { ObjectReader } from '../../worker/actions/verify-checksum.ts';
import { s3Client } from '../clients.ts';
import { targetOf } from './target.ts';

export const readObject: ObjectReader = async (object, abortSignal) => {
  const { Body, Metadata = {} } = await s3Client().send(new GetObjectCommand(targetOf(object)), {
    abortSignal,
  });
  return { body: Body as Readable, metadata: Metadata };
};
