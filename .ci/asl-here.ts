/** Runs the scenarios on the interpreter of local/, and prints what asl-ministack.py prints. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsError } from '../local/core/aws-error.ts';
import { virtualClock } from '../local/core/clock.ts';
import { createRandom } from '../local/core/random.ts';
import { createStateMachines } from '../local/states/state-machines.ts';
import { openDatabase } from '../local/store/database.ts';

/** What happens at the calls of each function, and of SNS: `answer`, `! Error`, each `* times`. */
type Scenario = Record<string, string[]>;

const here = import.meta.dirname;
const { input, scenarios, answers } = JSON.parse(readFileSync(join(here, 'asl-scenarios.json'), 'utf8')) as {
  input: object;
  scenarios: Record<string, Scenario>;
  answers: Record<string, object>;
};
const definition = readFileSync(join(here, '../statemachines/job.asl.json'), 'utf8')
  .replace(/\$\{(\w+?)(FunctionArn|Arn)\}/g, 'arn:aws:lambda:us-east-1:000000000000:function:$1')
  .replaceAll('$' + '{PublishResource}', 'arn:aws:states:::sns:publish');

class Failure extends Error {
  override readonly name: string;

  constructor(name: string) {
    super('on demand');
    this.name = name;
  }
}

/** One call after the other: what it answers, or the error that it throws. */
function answersOf(scenario: Scenario): (to: string) => object {
  const left = new Map(
    Object.entries(scenario).map(([to, calls]) => [
      to,
      calls.flatMap((call) => {
        const [what = '', times = '1'] = call.split(' * ');
        return Array<string>(Number(times)).fill(what);
      }),
    ]),
  );
  return (to) => {
    const call = to === 'Publish' && !left.has(to) ? 'published' : left.get(to)?.shift();
    if (call?.startsWith('! ')) throw new Failure(call.slice(2));
    const answer = answers[call ?? ''];
    if (!answer) throw new Error(`the scenario has no more calls of ${to}`);
    return answer;
  };
}

/** Members in order, and without the times. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (name, member) => {
    if (name === 'time' || name === 'noticedAt') return undefined;
    if (member === null || typeof member !== 'object' || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort());
  });

function start(scenario: Scenario, published: string[]) {
  const clock = virtualClock(Date.parse('2026-01-01T00:00:00Z'));
  const next = answersOf(scenario);
  const ended = Promise.withResolvers<void>();
  const stateMachines = createStateMachines({
    database: openDatabase(),
    clock,
    random: { ...createRandom('scenario'), next: () => 1 },
    lambda: {
      async invoke(arn) {
        try {
          return { payload: JSON.stringify(next(arn.split(':').at(-1) ?? '')) };
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          const payload = JSON.stringify({ errorType: error.name, errorMessage: error.message });
          return { payload, functionError: 'Unhandled' };
        }
      },
    },
    async publish({ Subject, Message = '', MessageAttributes }) {
      try {
        next('Publish');
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        throw new AwsError(error.name.replace('SNS.', ''), 500, error.message);
      }
      published.push(`published ${textOf({ Subject, Message: JSON.parse(Message), MessageAttributes })}`);
      return { MessageId: '1' };
    },
    machines: [{ name: 'job', definition, roleArn: 'arn:aws:iam::000000000000:role/states' }],
    onStatusChange: ({ detail }) => {
      if (detail.status !== 'RUNNING') ended.resolve();
    },
  });
  return { stateMachines, untilEnd: () => clock.runUntil(ended.promise) };
}

async function runScenario(scenario: Scenario): Promise<string[]> {
  const published: string[] = [];
  const { stateMachines, untilEnd } = start(scenario, published);
  const { executionArn } = stateMachines.startExecution({
    stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:job',
    input: JSON.stringify(input),
  });
  await untilEnd();
  const { status, error, output } = stateMachines.describeExecution({ executionArn });
  const { events = [] } = stateMachines.getExecutionHistory({ executionArn, maxResults: 1000 });
  const states = events.flatMap(({ stateEnteredEventDetails: entered }) => entered?.name ?? []);
  return [...states, ...published, `${status} ${error ?? textOf(JSON.parse(output ?? 'null'))}`];
}

for (const [name, scenario] of Object.entries(scenarios))
  console.log([`== ${name}`, ...(await runScenario(scenario))].join('\n'));
