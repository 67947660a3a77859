import { S3Client } from '@aws-sdk/client-s3';
import { S3ControlClient } from '@aws-sdk/client-s3-control';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { env } from '../core/env.ts';

// Each client is created at first use, so that a bundle contains only the clients that its function uses.

let s3: S3Client | undefined;
export function s3Client(): S3Client {
  // Local stand-ins have no host name for each bucket.
  s3 ??= new S3Client({ forcePathStyle: env.awsEndpointUrl('S3') !== undefined });
  return s3;
}

let s3Control: S3ControlClient | undefined;
export function s3ControlClient(): S3ControlClient {
  const url = env.awsEndpointUrl('S3_CONTROL');
  // The SDK puts the account id before the host, also for a custom endpoint; 127.0.0.1 has no such host names.
  s3Control ??= new S3ControlClient(url ? { endpointProvider: () => ({ url: new URL(url) }) } : {});
  return s3Control;
}

let sfn: SFNClient | undefined;
export function sfnClient(): SFNClient {
  sfn ??= new SFNClient({});
  return sfn;
}

let sns: SNSClient | undefined;
export function snsClient(): SNSClient {
  sns ??= new SNSClient({});
  return sns;
}

let secretsManager: SecretsManagerClient | undefined;
export function secretsManagerClient(): SecretsManagerClient {
  secretsManager ??= new SecretsManagerClient({});
  return secretsManager;
}
