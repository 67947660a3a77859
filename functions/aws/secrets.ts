import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { secretsManagerClient } from './clients.ts';

const KEPT_MS = 5 * 60_000;

/** Reads one secret and remembers it for five minutes; Secrets Manager's exceptions pass as they are. */
export function secretReader(nameOf: () => string, now: () => number = Date.now) {
  let kept: { value: string | Uint8Array; atMs: number } | undefined;
  return async (isFresh: boolean, abortSignal: AbortSignal): Promise<string | Uint8Array> => {
    if (kept && !isFresh && now() - kept.atMs < KEPT_MS) return kept.value;
    const SecretId = nameOf();
    if (!SecretId) throw new Error('no secret is named in the configuration');
    const command = new GetSecretValueCommand({ SecretId });
    const { SecretString, SecretBinary } = await secretsManagerClient().send(command, { abortSignal });
    kept = { value: SecretString ?? SecretBinary ?? '', atMs: now() };
    return kept.value;
  };
}
