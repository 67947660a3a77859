/**
 * `prepare-clients.ts URL FOLDER CLIENT...`: creates the objects for each client's jobs in the stack at the URL, and
 * writes the requests of the client, with their expected effects, to `FOLDER/CLIENT.json`.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { S3 } from '@aws-sdk/client-s3';
import { prepareCases } from '../test/support/prepare-cases.ts';

const [url = '', folder = '', ...clients] = process.argv.slice(2);
const s3 = new S3({ endpoint: url, forcePathStyle: true });
for (const client of clients)
  await writeFile(join(folder, `${client}.json`), JSON.stringify(await prepareCases(s3, client)));
