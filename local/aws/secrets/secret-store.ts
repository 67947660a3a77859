import { ACCOUNT_ID, REGION } from '../../core/account.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { Database } from '../../store/database.ts';

export interface Secret {
  arn: string;
  name: string;
  description: string | null;
}

/** The value of a version: text, or bytes in base64. */
export interface SecretValue {
  text?: string;
  base64?: string;
}

export interface SecretVersion {
  id: string;
  value: SecretValue;
  stages: string[];
  created: number;
}

const DDL = `
CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, arn TEXT NOT NULL UNIQUE, description TEXT) STRICT;
CREATE TABLE IF NOT EXISTS secret_version (
  arn TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL, stages TEXT NOT NULL, created INTEGER NOT NULL,
  PRIMARY KEY (arn, id)
) STRICT, WITHOUT ROWID;
`;

export const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';

interface SecretStoreOptions {
  database: Database;
  clock: Clock;
  random: Random;
}

/** Secrets and their versions. */
export function createSecretStore({ database, clock, random }: SecretStoreOptions) {
  database.define(DDL);
  const { sql } = database;

  const find = (nameOrArn: string) =>
    sql('SELECT arn, name, description FROM secret WHERE name = ?1 OR arn = ?1').get(nameOrArn) as
      | Secret
      | undefined;

  const versionsOf = ({ arn }: Secret): SecretVersion[] =>
    sql('SELECT id, value, stages, created FROM secret_version WHERE arn = ?')
      .all(arn)
      .map(({ id, value, stages, created }) => ({
        id: String(id),
        value: JSON.parse(String(value)),
        stages: JSON.parse(String(stages)),
        created: Number(created),
      }));

  function write({ arn }: Secret, { id, value, stages, created }: SecretVersion): void {
    sql('INSERT OR REPLACE INTO secret_version VALUES (?, ?, ?, ?, ?)').run(
      arn,
      id,
      JSON.stringify(value),
      JSON.stringify(stages),
      created,
    );
  }

  /** Makes a value the current one. The same token with the same value returns the same version. */
  function put(secret: Secret, value: SecretValue, token: string): SecretVersion {
    const versions = versionsOf(secret);
    const same = versions.find(({ id }) => id === token);
    if (same && JSON.stringify(same.value) === JSON.stringify(value)) return same;
    if (same)
      throw new AwsError(
        'ResourceExistsException',
        400,
        `The operation failed because a version with the ClientRequestToken ${token} already exists.`,
      );
    const current = versions.find(({ stages }) => stages.includes(CURRENT));
    for (const version of versions) {
      const stages = version.stages.filter((stage) => stage !== CURRENT && stage !== PREVIOUS);
      write(secret, { ...version, stages: version === current ? [...stages, PREVIOUS] : stages });
    }
    const version = { id: token, value, stages: [CURRENT], created: clock.now() };
    write(secret, version);
    return version;
  }

  return {
    versionsOf,
    put: (secret: Secret, value: SecretValue, token: string) =>
      database.transaction(() => put(secret, value, token)),

    require(nameOrArn: string): Secret {
      const secret = find(nameOrArn);
      if (secret) return secret;
      throw new AwsError(
        'ResourceNotFoundException',
        400,
        "Secrets Manager can't find the specified secret.",
      );
    },

    /** The secret with that name: a new one, or the one that the same call made before. */
    create(name: string, description: string | undefined, value: SecretValue | undefined, token: string) {
      return database.transaction(() => {
        const before = find(name);
        if (before && !versionsOf(before).some(({ id }) => id === token))
          throw new AwsError(
            'ResourceExistsException',
            400,
            `The operation failed because the secret ${name} already exists.`,
          );
        const arn = `arn:aws:secretsmanager:${REGION}:${ACCOUNT_ID}:secret:${name}-${random.hex(6)}`;
        const secret = before ?? { name, arn, description: description ?? null };
        if (!before) sql('INSERT INTO secret VALUES (?, ?, ?)').run(name, arn, secret.description);
        return { secret, version: value && put(secret, value, token) };
      });
    },
  };
}
