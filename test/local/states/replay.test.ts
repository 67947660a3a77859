import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AwsError } from '../../../local/core/aws-error.ts';
import { virtualClock } from '../../../local/core/clock.ts';
import { createRandom } from '../../../local/core/random.ts';
import {
  createWorkbench,
  definitionOf,
  functionArn,
  named,
  outcomeOf,
  runMachine,
  START,
} from '../../support/states.ts';

const poll = (seconds: number) =>
  definitionOf({
    Poll: {
      Type: 'Task',
      Resource: functionArn('poll'),
      Arguments: { id: '{% $uuid() %}', at: '{% $now() %}' },
      TimeoutSeconds: 10,
      Retry: [
        { ErrorEquals: ['Throttled'], IntervalSeconds: 2, MaxAttempts: 5, JitterStrategy: 'FULL' },
        { ErrorEquals: ['States.Timeout', 'Lambda.ServiceException'], MaxAttempts: 1 },
      ],
      Catch: [{ ErrorEquals: ['States.ALL'], Output: {}, Next: 'Pause' }],
      Assign: { left: '{% $states.result.left %}' },
      Output: {},
      Next: 'Check',
    },
    Check: { Type: 'Choice', Choices: [{ Condition: '{% $left > 0 %}', Next: 'Pause' }], Default: 'Notify' },
    Pause: { Type: 'Wait', Seconds: seconds, Next: 'Poll' },
    Notify: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sns:publish',
      Arguments: { Message: '{% $random() %}' },
      End: true,
    },
  });

test('a run with faults and the same seed has the same history, byte by byte', async () => {
  const runAll = async (seed: string) => {
    const clock = virtualClock(START);
    const faults = createRandom(`${seed} faults`);
    const left = new Map<string, number>();
    const bench = createWorkbench({
      definition: poll(30),
      clock,
      seed,
      handlers: {
        async poll() {
          const fault = faults.next();
          if (fault < 0.1) throw named('Throttled');
          if (fault < 0.15) throw new AwsError('ServiceException', 500, 'try again');
          if (fault < 0.2) await clock.sleep(20_000);
          left.set('polls', (left.get('polls') ?? 30) - 1);
          return { left: left.get('polls') };
        },
      },
    });
    const arns = ['a', 'b', 'c'].map((name) => bench.start({ name }, name));
    for (const arn of arns) await bench.untilEnd(arn);
    return JSON.stringify([arns.map((arn) => outcomeOf(bench.stateMachines, arn)), bench.changes]);
  };
  await fc.assert(
    fc.asyncProperty(fc.string(), async (seed) => {
      expect(await runAll(seed)).toBe(await runAll(seed));
    }),
    { numRuns: 8 },
  );
});

test('a job watched for three days with 300 polls', async () => {
  let left = 300;
  const { status, events, seconds } = await runMachine({
    definition: poll(866),
    handlers: { poll: () => ({ left: --left }) },
  });
  expect([status, seconds]).toEqual(['SUCCEEDED', 299 * 866]);
  // Wait, Task and Choice are nine events per poll.
  expect(events).toHaveLength(2 + 300 * 7 + 299 * 2 + 5);
});
