import { problemOf } from '../api/api.ts';
import type { Context, Run } from '../command.ts';
import { CliError, type ExitCode, exitCodeOfStatus, exitCodes } from '../exit-codes.ts';

/** doctor: whether the API can be reached, who the caller is, and what callers may name. Exits with the first failure. */
export const doctor: Run = async (context) => {
  const { api, terminal, input } = context;
  const findings: { check: string; isGood: boolean; detail: string }[] = [];
  let exitCode: ExitCode = exitCodes.done;
  const check = async (name: string, find: () => Promise<string>) => {
    try {
      findings.push({ check: name, isGood: true, detail: await find() });
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      exitCode ||= error.exitCode;
      findings.push({ check: name, isGood: false, detail: error.message });
    }
  };
  await check('reach', () => api.call({ path: '/health' }).then(() => `${api.address.url.href} answers`));
  await check('caller', () => callerText(context));
  await check('list', async () => {
    const { jobs } = await api.json<{ jobs: unknown[] }>({ path: '/jobs?pageSize=1' });
    return jobs.length > 0 ? 'you can read job requests' : 'you can read job requests; there are none yet';
  });
  if (input.positionals.length === 0) await check('names', () => namesText(context));
  for (const bucket of input.positionals) await check('bucket', () => bucketText(bucket, context));
  const { style } = terminal;
  const lines = findings.map(({ check: name, isGood, detail }) => {
    const mark = isGood ? style('green', 'ok  ') : style('red', 'FAIL');
    return `${mark} ${name.padEnd(7)} ${detail.replaceAll('\n', '\n             ')}`;
  });
  context.show(findings, () => lines.join('\n'));
  return exitCode;
};

async function callerText({ api, env }: Context): Promise<string> {
  const token = env['BUCKET_BRIGADE_TOKEN'];
  if (token) return tokenText(token);
  if (api.address.isLocal)
    return `${env['AWS_ACCESS_KEY_ID'] ?? 'local'} (the local stack takes the access key as your name and checks no signature)`;
  const region = api.address.region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const { signer } = await import('../api/sign.ts');
  const url = new URL(env['AWS_ENDPOINT_URL_STS'] ?? `https://sts.${region}.amazonaws.com/`);
  const body = 'Action=GetCallerIdentity&Version=2011-06-15';
  const plain = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const headers = await signer('sts', region)({ method: 'POST', url, headers: plain, body });
  const request = { method: 'POST', headers, body, redirect: 'manual' } as const;
  const response = await fetch(url, request).catch((error: Error) => {
    throw new CliError(exitCodes.failure, `${url.host} does not answer: ${error.message}`);
  });
  const [, arn] = /<Arn>([^<]+)<\/Arn>/.exec(await response.text()) ?? [];
  if (arn) return arn;
  throw new CliError(exitCodes.denied, `AWS refuses your credentials (${response.status} from ${url.host})`);
}

function tokenText(token: string): string {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return `token of ${claims.sub ?? 'an unnamed subject'} from ${claims.iss ?? 'an unnamed issuer'}`;
  } catch {
    throw new CliError(exitCodes.denied, 'BUCKET_BRIGADE_TOKEN is no JWT');
  }
}

/** Whether jobs may process objects of the bucket: a dry run says so, and creates nothing. */
async function isAllowed(bucket: string, { api }: Context): Promise<boolean> {
  const body = { Operation: { S3DeleteObjectTagging: {} }, Objects: [{ Bucket: bucket, Key: 'none' }] };
  const { status, text } = await api.send({ method: 'POST', path: '/jobs?dryRun=true', body });
  const { errors = [], code } = problemOf(text) ?? {};
  if (code === 'NotAllowed' && errors.some(({ pointer }) => pointer === '/Objects/0/Bucket')) return false;
  if (status === 200) return true;
  throw new CliError(exitCodeOfStatus(status), `${status} ${text.slice(0, 300)}`);
}

const namesText = async (context: Context): Promise<string> =>
  (await isAllowed('bucket-brigade-doctor', context))
    ? 'jobs may process objects of any bucket'
    : 'jobs may process only the buckets in dataBuckets of this deployment; to check one: bucket-brigade doctor BUCKET';

async function bucketText(bucket: string, context: Context): Promise<string> {
  if (await isAllowed(bucket, context)) return `jobs may process objects of ${bucket}`;
  const remedy = 'ask its operator to add it';
  throw new CliError(exitCodes.denied, `${bucket} is not in dataBuckets of this deployment: ${remedy}`);
}
