import {
  AbortMultipartUploadCommand,
  type ChecksumAlgorithm,
  CompleteMultipartUploadCommand,
  type CopyObjectCommandInput,
  CreateMultipartUploadCommand,
  GetObjectTaggingCommand,
  type HeadObjectCommandOutput,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { s3Client } from './clients.ts';

const MAX_PARTS = 10_000;
const PARTS_IN_FLIGHT = 16;

export interface CopyInParts {
  /** Of the new object: its name, and all that is not copied with the bytes. */
  members: Partial<CopyObjectCommandInput> & { Bucket: string; Key: string };
  source: { CopySource: string; CopySourceIfMatch: string | undefined };
  /** Of the source, with its checksum. */
  head: HeadObjectCommandOutput;
  partBytes: number;
  abortSignal: AbortSignal;
}

/** The algorithm of the source's checksum, and what becomes of its type: hashes of parts do not join to one. */
function checksumOf(head: HeadObjectCommandOutput) {
  const [member, value] = Object.entries(head).find(([name]) => /^Checksum(?!Type)/.test(name)) ?? [];
  if (!member) return undefined;
  const algorithm = member.slice('Checksum'.length) as ChecksumAlgorithm;
  const isWhole = head.ChecksumType === 'FULL_OBJECT' && algorithm.startsWith('CRC');
  return {
    algorithm,
    type: isWhole ? 'FULL_OBJECT' : 'COMPOSITE',
    whole: isWhole ? { [member]: value } : {},
  } as const;
}

async function tagsOf({ Bucket, Key }: { Bucket: string; Key: string }, abortSignal: AbortSignal) {
  const { TagSet = [] } = await s3Client().send(new GetObjectTaggingCommand({ Bucket, Key }), {
    abortSignal,
  });
  return new URLSearchParams(
    TagSet.map(({ Key: key = '', Value = '' }): [string, string] => [key, Value]),
  ).toString();
}

/** Copies the parts, some at a time, and gives what completes the upload. */
async function copyParts(
  upload: { Bucket: string; Key: string; UploadId: string | undefined },
  copy: CopyInParts,
) {
  const { source, head, abortSignal } = copy;
  const bytes = head.ContentLength ?? 0;
  const partBytes = Math.max(copy.partBytes, Math.ceil(bytes / MAX_PARTS));
  const count = Math.ceil(bytes / partBytes);
  const parts: object[] = [];
  let next = 0;
  async function lane() {
    for (let index = next++; index < count; index = next++) {
      const last = Math.min((index + 1) * partBytes, bytes) - 1;
      const command = new UploadPartCopyCommand({
        ...upload,
        ...source,
        PartNumber: index + 1,
        CopySourceRange: `bytes=${index * partBytes}-${last}`,
      });
      const { CopyPartResult } = await s3Client().send(command, { abortSignal });
      const { LastModified: _, ...part } = CopyPartResult ?? {};
      parts[index] = { PartNumber: index + 1, ...part };
    }
  }
  await Promise.all(Array.from({ length: PARTS_IN_FLIGHT }, lane));
  return parts;
}

/**
 * Copies an object onto itself in parts: complete only while the object is still what was read. The checksum keeps its
 * algorithm; that of a whole object is verified. A copy that fails takes its parts with it.
 */
export async function copyInParts(copy: CopyInParts): Promise<void> {
  const { members, head, abortSignal } = copy;
  const { Bucket, Key } = members;
  const checksum = checksumOf(head);
  const tags = await tagsOf({ Bucket, Key }, abortSignal);
  const create = new CreateMultipartUploadCommand({
    ...members,
    ...(tags && { Tagging: tags }),
    ...(checksum && { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type }),
  });
  const { UploadId } = await s3Client().send(create, { abortSignal });
  const upload = { Bucket, Key, UploadId };
  try {
    const Parts = await copyParts(upload, copy);
    const complete = new CompleteMultipartUploadCommand({
      ...upload,
      ...checksum?.whole,
      MultipartUpload: { Parts },
      IfMatch: head.ETag,
    });
    await s3Client().send(complete, { abortSignal });
  } catch (error) {
    await s3Client()
      .send(new AbortMultipartUploadCommand(upload))
      .catch(() => {});
    throw error;
  }
}
