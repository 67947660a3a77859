import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { WebhookTools } from '../../worker/actions/webhook.ts';
import { secretsManagerClient } from '../clients.ts';

const KEPT_MS = 5 * 60_000;

/** Reads one secret and keeps it in memory for five minutes. */
export function secretReader(nameOf: () => string, now: () => number = Date.now): WebhookTools['readKey'] {
  let kept: { value: string | Uint8Array; atMs: number } | undefined;
  return async (isFresh, abortSignal) => {
    if (kept && !isFresh && now() - kept.atMs < KEPT_MS) return kept.value;
    const SecretId = nameOf();
    if (!SecretId) throw new Error('the configuration names no secret');
    const command = new GetSecretValueCommand({ SecretId });
    const { SecretString, SecretBinary } = await secretsManagerClient().send(command, { abortSignal });
    kept = { value: SecretString ?? SecretBinary ?? '', atMs: now() };
    return kept.value;
  };
}
