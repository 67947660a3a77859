/**
 * Rehearses `npx serverless deploy` without an AWS account, against a stand-in that records the requests.
 * It checks bundles, zips, uploads and the sequence of calls. The stand-in accepts any template.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { functionNames } from '../tools/build.ts';

interface Call {
  path: string;
  fields: URLSearchParams;
  body: Buffer;
}
/** A whole reply, or only what CloudFormation or STS says inside of `<ActionResult>`. */
type Answer = { status?: number; body?: string } | string;
interface Template {
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
}

const root = join(import.meta.dirname, '..');
const bucket = 'rehearsal-deployments';
/** What was uploaded, by key. */
const uploads = new Map<string, Buffer>();
let templateUrl: string | null = null;
let stackStatus: 'CREATE_COMPLETE' | 'UPDATE_COMPLETE' | undefined;
let answered = 0;
const unanswered = new Set<string>();

const noStack: Answer = {
  status: 400,
  body: '<R><Error><Code>ValidationError</Code><Message>Stack with id x does not exist</Message></Error></R>',
};

const answers: Record<string, (call: Call) => Answer> = {
  GetCallerIdentity: () =>
    '<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/rehearsal</Arn>',
  DescribeStacks: () =>
    stackStatus ? `<Stacks><member><StackStatus>${stackStatus}</StackStatus></member></Stacks>` : noStack,
  CreateChangeSet: ({ fields }) => {
    templateUrl = fields.get('TemplateURL');
    return '';
  },
  DescribeChangeSet: () => '<StackId>rehearsal</StackId><Status>CREATE_COMPLETE</Status>',
  ExecuteChangeSet: () => {
    stackStatus = stackStatus ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE';
    return '';
  },
  DeleteChangeSet: () => '',
  DescribeStackEvents: () => `<StackEvents><member>
    <EventId>${stackStatus}</EventId><ResourceStatus>${stackStatus}</ResourceStatus>
    <ResourceType>AWS::CloudFormation::Stack</ResourceType>
    <StackName>rehearsal</StackName><LogicalResourceId>rehearsal</LogicalResourceId>
    </member></StackEvents>`,
  DescribeStackResource: () =>
    `<StackResourceDetail><PhysicalResourceId>${bucket}</PhysicalResourceId></StackResourceDetail>`,
  ListStackResources: () => '<StackResourceSummaries/>',
  ValidateTemplate: () => '',
  HeadBucket: () => ({}),
  ListObjectsV2: () => ({ body: '<ListBucketResult/>' }),
  PutObject: ({ path, body }) => {
    uploads.set(path.slice(`/${bucket}/`.length), body);
    return {};
  },
  GetFunction: () => ({ status: 404 }),
};

/** The action of a request that has no form field `Action`. */
const routes: [RegExp, string][] = [
  [/^GET \/2015-03-31\/functions\/[^/]+$/, 'GetFunction'],
  [new RegExp(`^HEAD /${bucket}/?$`), 'HeadBucket'],
  [new RegExp(`^GET /${bucket}/?$`), 'ListObjectsV2'],
  [new RegExp(`^PUT /${bucket}/.`), 'PutObject'],
];

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(request);
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
  const line = `${request.method} ${path}`;
  const fields = new URLSearchParams(path === '/' ? body.toString() : '');
  const action = fields.get('Action') ?? routes.find(([route]) => route.test(line))?.[1] ?? line;
  const reply = answers[action];
  if (reply) answered++;
  else unanswered.add(action);
  const said = reply?.({ path, fields, body }) ?? { status: 501 };
  if (typeof said === 'string')
    response.end(`<${action}Response><${action}Result>${said}</${action}Result></${action}Response>`);
  else response.writeHead(said.status ?? 200).end(said.body);
}

/** Runs the deploy with nothing of the caller's AWS settings or proxies. Returns its exit code and what it printed. */
async function deploy(endpoint: string): Promise<{ code: number | null; output: string }> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^AWS_|proxy$/i.test(name));
  const child = spawn(process.execPath, ['node_modules/serverless/bin/serverless.js', 'deploy'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...Object.fromEntries(inherited),
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'rehearsal',
      AWS_SECRET_ACCESS_KEY: 'rehearsal',
      SLS_AWS_MONITORING_FREQUENCY: '10', // milliseconds between polls
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'close');
  return { code, output };
}

/** What the stack would lack: its template, the state machine, or the code of a function. */
async function missing(): Promise<string[]> {
  const template = [...uploads].find(([key]) => templateUrl?.endsWith(`/${key}`))?.[1];
  if (!template) return [`the template of the last change set (${templateUrl})`];
  const resources = Object.values((JSON.parse(template.toString()) as Template).Resources);
  const lacks = resources.some(({ Type }) => Type === 'AWS::StepFunctions::StateMachine')
    ? []
    : ['the state machine'];
  const names = await functionNames();
  const zips = [...uploads.keys()].filter((key) => key.endsWith('.zip'));
  if (zips.length !== names.length)
    lacks.push(`one zip for each of ${names.length} functions: ${zips.length}`);
  for (const name of names) {
    const deployed = resources.find(
      ({ Properties }) => Properties?.['Handler'] === `dist/${name}/index.handler`,
    );
    const code = deployed?.Properties?.['Code'] as { S3Key: string } | undefined;
    // A zip holds the names of its files as plain text.
    if (!code) lacks.push(`a function for functions/${name}.ts`);
    else if (!uploads.get(code.S3Key)?.includes(`dist/${name}/index.mjs`))
      lacks.push(`dist/${name}/index.mjs in ${code.S3Key}`);
  }
  return lacks;
}

const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
await once(server, 'listening');
const { code, output } = await deploy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
server.close();
server.closeAllConnections();

const faults = [...unanswered].map((action) => `no answer to ${action}`);
if (code === 0) faults.push(...(await missing()).map((part) => `did not arrive: ${part}`));
else faults.push(`${output}serverless deploy ended with ${code}`);
for (const fault of faults) console.error(fault);
console.log(
  `serverless deploy: ${faults.length === 0 ? 'ok' : 'FAILED'}, ${answered} requests answered, ${uploads.size} files uploaded, ${process.uptime().toFixed(1)} s`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
