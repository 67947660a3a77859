import * as SecretsManager from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../../core/aws-error.ts';
import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { WireHandler } from '../../core/wire.ts';
import type { Database } from '../../store/database.ts';
import type { Intercept } from '../protocol/action.ts';
import { awsJson } from '../protocol/aws-json.ts';
import type { Log } from '../protocol/fault.ts';
import { CURRENT, createSecretStore, type SecretValue } from './secret-store.ts';

export interface SecretsOptions {
  database: Database;
  clock: Clock;
  random: Random;
  intercept?: Intercept;
  log?: Log;
}

const invalidParameter = (message: string) => new AwsError('InvalidParameterException', 400, message);

/** Text or bytes, or undefined for neither. Throws for both. */
function secretValueOf(input: {
  SecretString?: string | undefined;
  SecretBinary?: Uint8Array | undefined;
}): SecretValue | undefined {
  const { SecretString: text, SecretBinary: bytes } = input;
  if (text !== undefined && bytes !== undefined)
    throw invalidParameter('You can specify either SecretString or SecretBinary, but not both.');
  if (text !== undefined) return { text };
  return bytes && { base64: Buffer.from(bytes).toString('base64') };
}

/** The part of Secrets Manager that stores a secret and lets a function read it. */
export function createSecrets(options: SecretsOptions): { handle: WireHandler } {
  const { random, intercept, log } = options;
  const store = createSecretStore(options);
  const handle = awsJson({
    model: SecretsManager,
    target: 'secretsmanager',
    version: '1.1',
    intercept,
    random,
    actions: {
      CreateSecret(input) {
        const {
          Name: name = '',
          Description: description,
          ClientRequestToken: token = random.uuid(),
        } = input;
        if (!/^[\w/+=.@-]{1,512}$/.test(name))
          throw invalidParameter('Invalid name. Must be a valid name containing alphanumeric characters.');
        const { secret, version } = store.create(name, description, secretValueOf(input), token);
        return { ARN: secret.arn, Name: name, ...(version && { VersionId: version.id }) };
      },
      PutSecretValue(input) {
        const { SecretId = '', ClientRequestToken: token = random.uuid(), VersionStages: stages } = input;
        const secret = store.require(SecretId);
        const value = secretValueOf(input);
        if (!value) throw invalidParameter('You must provide either SecretString or SecretBinary.');
        if (stages && stages.join() !== CURRENT)
          throw invalidParameter(`VersionStages other than ${CURRENT} are not implemented here.`);
        const version = store.put(secret, value, token);
        return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: version.stages };
      },
      GetSecretValue({
        SecretId = '',
        VersionId,
        VersionStage = VersionId === undefined ? CURRENT : undefined,
      }) {
        const secret = store.require(SecretId);
        const version = store
          .versionsOf(secret)
          .filter(({ id }) => VersionId === undefined || id === VersionId)
          .find(({ stages }) => VersionStage === undefined || stages.includes(VersionStage));
        if (!version)
          throw new AwsError(
            'ResourceNotFoundException',
            400,
            "Secrets Manager can't find the specified secret value.",
          );
        const { text, base64 } = version.value;
        return {
          ARN: secret.arn,
          Name: secret.name,
          VersionId: version.id,
          VersionStages: version.stages,
          CreatedDate: new Date(version.created),
          ...(text !== undefined && { SecretString: text }),
          ...(base64 !== undefined && { SecretBinary: Buffer.from(base64, 'base64') }),
        };
      },
    },
    ...(log && { log }),
  });
  return { handle };
}
