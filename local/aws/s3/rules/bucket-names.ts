import { isIPv4 } from 'node:net';
import { invalidBucketName } from '../errors.ts';

/** Throws InvalidBucketName unless the name is valid for a general purpose bucket. */
export function checkBucketName(name: string): void {
  const isWellFormed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !/\.\.|\.-|-\./.test(name);
  const isReserved = /^(?:xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(
    name,
  );
  if (!isWellFormed || isReserved || isIPv4(name)) throw invalidBucketName(name);
}
