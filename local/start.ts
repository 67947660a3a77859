import { join } from 'node:path';
import { styleText } from 'node:util';
import type { Envelope } from './aws/sns/envelope.ts';
import { readOptions, readSettings, type Settings } from './settings.ts';
import { type Stack, startStack } from './stack.ts';

/** `npm start`: runs the stack until a signal stops it. */
export async function start(options: string[]): Promise<void> {
  const settings = { ...readSettings(process.env), ...readOptions(options) };
  const stack = await startStack({ ...settings, log: printEvent, onNotice: printNotice });
  console.log(welcome(stack, settings));
  stopOnSignal(stack);
  const seconds = (performance.now() / 1000).toFixed(1);
  console.log(`ready after ${seconds} s; Ctrl-C stops it, and the next start resumes its jobs`);
  await prepareFirstView(stack.apiUrl);
}

/** Builds the page and starts the function of its list, so that whoever opens the page first does not wait for them. */
async function prepareFirstView(apiUrl: string) {
  for (const path of ['/console/', '/jobs?pageSize=1'])
    await fetch(apiUrl + path).then(
      (answer) => answer.arrayBuffer(),
      () => {}, // the stack stops
    );
}

const bold = (text: string) => styleText('bold', text, { stream: process.stdout });
const dim = (text: string) => styleText('dim', text, { stream: process.stdout });

/** The first poll of a job, in seconds after its start. */
const FIRST_POLL_SECONDS = 15;

/** What `npm start` prints: the addresses, and a command to try. */
export function welcome(
  { apiUrl, awsUrl }: Pick<Stack, 'apiUrl' | 'awsUrl'>,
  { dataDir, speed }: Pick<Settings, 'dataDir' | 'speed'>,
): string {
  const seconds = Math.max(1, Math.round(FIRST_POLL_SECONDS / speed));
  const hint = speed === 1 ? ' With `SPEED=60 npm start`, waits are 60 times shorter.' : ` (SPEED=${speed})`;
  const body = {
    Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'checked', Value: 'yes' }] } },
    Objects: [{ Bucket: 'media', Key: 'README.md' }],
  };
  return `
  ${bold('API')}   ${apiUrl}
  ${bold('Page')}  ${apiUrl}/console
  ${bold('AWS')}   ${awsUrl}   S3, S3 Control, Step Functions, Secrets Manager, SNS, SQS; any credentials work
  ${bold('State')} ${dataDir}   output of the functions: ${join(dataDir, 'functions.log')}

  Try this. The notice comes after about ${seconds} s.${hint}

    curl -sX PUT ${awsUrl}/media; curl -sT README.md ${awsUrl}/media/README.md; \\
    curl -s ${apiUrl}/jobs -H 'content-type: application/json' -d '${JSON.stringify(body)}'
`;
}

const timeOf = (date: Date) => date.toTimeString().slice(0, 8);

function printNotice({ Timestamp, Subject, Message }: Envelope) {
  const text = Subject ?? oneLine(Message);
  console.log(`${timeOf(new Date(Timestamp))} ${bold(`notice: ${text}`)} ${dim(linkOf(Message))}`);
}

/** Any client may publish to the topic, so a message may have any form. */
const oneLine = (text: string) => text.replace(/[\p{Cc}\s]+/gu, ' ').slice(0, 100);

function linkOf(message: string): string {
  try {
    const { links } = JSON.parse(message) as { links?: { job?: string } };
    return oneLine(links?.job ?? '');
  } catch {
    return '';
  }
}

function printEvent(line: string) {
  console.log(dim(line));
}

/** The first signal stops the stack cleanly. A second one exits at once. */
function stopOnSignal(stack: Stack) {
  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) process.exit(signal === 'SIGINT' ? 130 : 143);
    stopping = true;
    await stack.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
}
