import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { Random } from '../../local/core/random.ts';
import { BUCKET } from './stack-process.ts';

/** The text of an object; undefined when there is none. */
type Content = string | undefined;

/** What may be read of one key: the last acknowledged content, or one whose write got no answer. */
interface Expected {
  acknowledged: Content;
  unanswered: Content[];
}

const WRITERS = 8;
const KEYS_A_WRITER = 5;
/** Larger bodies are kept in files instead of the database. */
const SIZES = [10, 2_000, 100_000];

/** Writers that change their own keys one call after the other, and remember what was acknowledged. */
export function createWriters(random: Random) {
  const expected = new Map<string, Expected>();
  let acknowledged = 0;
  let number = 0;

  const newText = () => {
    const size = SIZES[Math.floor(random.next() * SIZES.length)] ?? 10;
    return `${number++} `.padEnd(size, 'x');
  };

  async function write(s3: S3Client, Key: string): Promise<void> {
    const state = expected.get(Key) ?? { acknowledged: undefined, unanswered: [] };
    expected.set(Key, state);
    const choice = random.next();
    const content = choice < 0.1 ? undefined : newText();
    state.unanswered.push(content);
    const at = { Bucket: BUCKET, Key };
    if (content === undefined) await s3.send(new DeleteObjectCommand(at));
    else if (choice < 0.8) await s3.send(new PutObjectCommand({ ...at, Body: content }));
    else await upload(s3, Key, content);
    expected.set(Key, { acknowledged: content, unanswered: [] });
    acknowledged++;
  }

  return {
    get acknowledged() {
      return acknowledged;
    },
    /** Writes until a call fails, which the end of the process makes all of them do. */
    async run(s3: S3Client): Promise<void> {
      const writer = async (name: number) => {
        for (let turn = 0; ; turn++) await write(s3, `soak/${name}/${turn % KEYS_A_WRITER}`);
      };
      await Promise.allSettled(Array.from({ length: WRITERS }, (_, name) => writer(name)));
    },
    /** Throws for an object that is neither what was acknowledged last nor what got no answer. */
    async check(s3: S3Client): Promise<void> {
      for (const [key, { acknowledged: last, unanswered }] of expected) {
        const found = await read(s3, key);
        if (![last, ...unanswered].includes(found)) {
          throw new Error(`${key} has ${describe(found)}; the last acknowledged write was ${describe(last)}`);
        }
        expected.set(key, { acknowledged: found, unanswered: [] });
      }
    },
  };
}

const describe = (content: Content) =>
  content === undefined ? 'no object' : `"${content.trimEnd().slice(0, 20)}"`;

async function upload(s3: S3Client, Key: string, content: string): Promise<void> {
  const at = { Bucket: BUCKET, Key };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(at));
  const { ETag } = await s3.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: content }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  await s3.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload }));
}

export async function read(s3: S3Client, Key: string): Promise<Content> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    return (await Body?.transformToString()) ?? '';
  } catch (error) {
    if ((error as Error).name === 'NoSuchKey') return undefined;
    throw error;
  }
}
