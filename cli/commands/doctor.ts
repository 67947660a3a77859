import type { Context } from '../command.ts';
import { CliError, type ExitCode, exitCodes } from '../exit-codes.ts';

interface Finding {
  check: string;
  isGood: boolean;
  detail: string;
}

/** doctor: whether the API can be reached, who the caller is, and what callers may name. Exits with the first failure. */
export async function run(context: Context): Promise<ExitCode> {
  const { api, terminal, input } = context;
  const findings: Finding[] = [];
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
  await check('reach', async () => {
    await api.call({ method: 'GET', path: '/health' });
    return `${api.address.url.href} answers`;
  });
  await check('caller', () => callerText(context));
  await check('list', async () => {
    const { jobs } = await api.json<{ jobs: unknown[] }>({ method: 'GET', path: '/jobs?pageSize=1' });
    return jobs.length > 0 ? 'you can read job requests' : 'you can read job requests; there are none yet';
  });
  await check('names', () => allowedText(context));
  if (input.has('json')) terminal.print(JSON.stringify(findings, null, 2));
  else
    for (const { check: name, isGood, detail } of findings)
      terminal.print(
        `${isGood ? terminal.style('green', 'ok  ') : terminal.style('red', 'FAIL')} ${name.padEnd(7)} ${detail.replaceAll('\n', '\n             ')}`,
      );
  return exitCode;
}

async function callerText({ api, env }: Context): Promise<string> {
  const token = env['BUCKET_BRIGADE_TOKEN'];
  if (token) return tokenText(token);
  if (api.address.isLocal)
    return `${env['AWS_ACCESS_KEY_ID'] ?? 'local'} (the local stack takes the access key as your name and checks no signature)`;
  const region = api.address.region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const { signer } = await import('../api/sign.ts');
  const url = new URL(env['AWS_ENDPOINT_URL_STS'] ?? `https://sts.${region}.amazonaws.com/`);
  const body = 'Action=GetCallerIdentity&Version=2011-06-15';
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const signed = await signer('sts', region)({ method: 'POST', url, headers, body });
  const response = await fetch(url, { method: 'POST', headers: signed, body, redirect: 'manual' }).catch(
    (error: Error) => {
      throw new CliError(exitCodes.failure, `${url.host} does not answer: ${error.message}`);
    },
  );
  const [, arn] = /<Arn>([^<]+)<\/Arn>/.exec(await response.text()) ?? [];
  if (arn) return arn;
  throw new CliError(
    exitCodes.denied,
    `AWS does not accept your credentials (${response.status} from ${url.host})`,
  );
}

function tokenText(token: string): string {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
      string,
      unknown
    >;
    return `token of ${claims['sub'] ?? 'an unnamed subject'} from ${claims['iss'] ?? 'an unnamed issuer'}`;
  } catch {
    throw new CliError(exitCodes.denied, 'BUCKET_BRIGADE_TOKEN is no JWT');
  }
}

/** A dry run that names a bucket nobody has: the refusal lists what may be named. It creates nothing. */
async function allowedText({ api }: Context): Promise<string> {
  const { status, text } = await api.send({
    method: 'POST',
    path: '/jobs?dryRun=true',
    body: {
      Operation: { S3DeleteObjectTagging: {} },
      Objects: [{ Bucket: 'bucket-brigade-doctor', Key: 'none' }],
    },
  });
  if (status === 200) return 'any bucket may be named';
  const { errors = [], detail } = JSON.parse(text) as { errors?: { detail: string }[]; detail: string };
  if (status === 403 || status === 422) return errors.map((fault) => fault.detail).join('; ') || detail;
  throw new CliError(exitCodes.failure, `${status}: ${detail}`);
}
