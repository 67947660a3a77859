/** Calls S3 and the API over HTTP in a few concurrent loops, and measures the time of each call. */
import { Agent, request } from 'node:http';
import { DATA, keyOf } from '../fixtures/keys.ts';
import { answerRequests } from '../part.ts';

export interface CallersRequest {
  awsUrl: string;
  /** URL of the job resource. The loops end when the job has ended, or after `seconds` if given. */
  jobUrl: string;
  seconds?: number;
  /** Number of objects. */
  objects: number;
}

/** Milliseconds of each call. */
export interface CallersAnswer {
  head: number[];
  get: number[];
}

const HEAD_LOOPS = 2;
const agent = new Agent({ keepAlive: true });

function call(method: string, url: string): Promise<{ status: number; body: string; ms: number }> {
  const startMs = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, agent }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, body, ms: performance.now() - startMs }),
      );
    });
    outgoing.on('error', reject).end();
  });
}

async function timed(method: string, url: string, times: number[]): Promise<string> {
  const { status, body, ms } = await call(method, url);
  if (status !== 200) throw new Error(`${method} ${url}: ${status} ${body}`);
  times.push(ms);
  return body;
}

answerRequests<CallersRequest, CallersAnswer>(async ({ awsUrl, jobUrl, seconds, objects }) => {
  const answer: CallersAnswer = { head: [], get: [] };
  const endMs = seconds === undefined ? Number.POSITIVE_INFINITY : performance.now() + seconds * 1000;
  let isOver = false;
  const headLoop = async () => {
    for (let number = 0; !isOver; number = (number + 7919) % objects) {
      await timed('HEAD', `${awsUrl}/${DATA}/${keyOf(number)}`, answer.head);
    }
  };
  const getLoop = async () => {
    while (!isOver) {
      const { status } = JSON.parse(await timed('GET', jobUrl, answer.get)) as { status: string | null };
      const hasEnded = ['Complete', 'Failed', 'Cancelled'].includes(status ?? '');
      isOver = performance.now() > endMs || (seconds === undefined && hasEnded);
    }
  };
  await Promise.all([getLoop(), ...Array.from({ length: HEAD_LOOPS }, headLoop)]);
  return answer;
});
