/** S3 writes ETags in quotes. */
export const unquoted = (etag: string | undefined): string => (etag ?? '').replaceAll('"', '');
