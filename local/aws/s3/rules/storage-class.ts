import { invalidStorageClass } from '../errors.ts';

export const STANDARD = 'STANDARD';

const STORAGE_CLASSES = new Set([
  STANDARD,
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
]);

/** The storage class of a new object, as `ObjectFacts` stores it. */
export function newStorageClass(storageClass: string | undefined): { storageClass?: string } {
  if (storageClass === undefined || storageClass === STANDARD) return {};
  if (!STORAGE_CLASSES.has(storageClass)) throw invalidStorageClass(storageClass);
  return { storageClass };
}

/** Whether objects of this class must be restored before they can be read. */
export const isArchived = (storageClass: string | undefined): boolean =>
  storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE';
