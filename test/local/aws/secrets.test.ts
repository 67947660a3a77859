import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { expect, test } from '@jest/globals';
import { inProcess } from '../../../local/aws/in-process.ts';
import { createSecrets } from '../../../local/aws/secrets/secrets.ts';
import { virtualClock } from '../../../local/core/clock.ts';
import { createRandom } from '../../../local/core/random.ts';
import { openDatabase } from '../../../local/store/database.ts';

const database = openDatabase();
/** A process with the same database. */
function startClient() {
  const clock = virtualClock(Date.UTC(2026, 10, 22));
  const { handle } = createSecrets({ database, clock, random: createRandom('secrets') });
  return new SecretsManagerClient({
    requestHandler: inProcess(handle),
    endpoint: 'http://127.0.0.1:1',
    maxAttempts: 1,
  });
}
const client = startClient();
const create = (input: Partial<CreateSecretCommand['input']>) =>
  client.send(new CreateSecretCommand({ Name: 'hooks', ...input }));
const put = (SecretString: string, ClientRequestToken?: string) =>
  client.send(
    new PutSecretValueCommand({
      SecretId: 'hooks',
      SecretString,
      ...(ClientRequestToken && { ClientRequestToken }),
    }),
  );
const get = async (input: object = {}) =>
  (await client.send(new GetSecretValueCommand({ SecretId: 'hooks', ...input }))).SecretString;
const token = 'a'.repeat(32);
const refusedAs = (name: string) => expect.objectContaining({ name });

test('a secret is created, changed and read, by stage and version', async () => {
  const { ARN, VersionId } = await create({ SecretString: 'one', Description: 'of webhooks' });
  expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:hooks-[0-9a-f]{6}$/);
  expect(await get()).toBe('one');
  const second = await put('two', token);
  expect(second).toMatchObject({ ARN, VersionId: token, VersionStages: ['AWSCURRENT'] });
  expect(await put('two', token)).toMatchObject({ VersionId: token });
  expect(await get({ SecretId: ARN })).toBe('two');
  expect(await get({ VersionStage: 'AWSPREVIOUS' })).toBe('one');
  expect(await get({ VersionId })).toBe('one');
  await put('three');
  expect(await get({ VersionStage: 'AWSPREVIOUS' })).toBe('two');
  await expect(get({ VersionId, VersionStage: 'AWSPREVIOUS' })).rejects.toThrow(/specified secret value/);
});

test('bytes are read as bytes, also in another process', async () => {
  const SecretBinary = Buffer.from([0, 255, 10]);
  await create({ Name: 'bytes', SecretBinary });
  const found = await startClient().send(new GetSecretValueCommand({ SecretId: 'bytes' }));
  expect(Buffer.from(found.SecretBinary ?? [])).toEqual(SecretBinary);
  expect(found.SecretString).toBeUndefined();
});

test('invalid requests are refused', async () => {
  await expect(get({ SecretId: 'missing' })).rejects.toEqual(refusedAs('ResourceNotFoundException'));
  await expect(create({ SecretString: 'other' })).rejects.toEqual(refusedAs('ResourceExistsException'));
  await expect(put('other', token)).rejects.toEqual(refusedAs('ResourceExistsException'));
  await expect(create({ Name: 'a b' })).rejects.toEqual(refusedAs('InvalidParameterException'));
  await expect(create({ Name: 'both', SecretString: 'a', SecretBinary: Buffer.from('a') })).rejects.toEqual(
    refusedAs('InvalidParameterException'),
  );
  await create({ Name: 'empty' });
  await expect(get({ SecretId: 'empty' })).rejects.toEqual(refusedAs('ResourceNotFoundException'));
});
