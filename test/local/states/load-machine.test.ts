import { describe, expect, test } from '@jest/globals';
import { loadMachine } from '../../../local/states/definition/load-machine.ts';
import { definitionOf, functionArn } from '../../support/states.ts';

const refusal = (definition: string) => {
  try {
    loadMachine('job', definition);
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
};

const state = (members: object) => refusal(definitionOf({ Only: members, Next: { Type: 'Succeed' } }));
const task = (members: object) =>
  state({ Type: 'Task', Resource: functionArn('work'), End: true, ...members });
const machine = (members: object) => refusal(definitionOf({ Only: { Type: 'Succeed' } }, members));

describe('a definition is refused for', () => {
  test.each<[string, () => string, string]>([
    ['text that is no JSON', () => refusal('{'), 'state machine job: Expected property name'],
    ['an unknown field', () => machine({ ProcessorConfig: {} }), 'ProcessorConfig: not implemented here'],
    [
      'JSONPath',
      () => machine({ QueryLanguage: 'JSONPath' }),
      'QueryLanguage: only JSONata is implemented here',
    ],
    [
      'a start that is no state',
      () => machine({ StartAt: 'Nowhere' }),
      'StartAt: there is no state "Nowhere"',
    ],
    ['a time limit of 0', () => machine({ TimeoutSeconds: 0 }), 'TimeoutSeconds: expected integer of 1 to'],
    [
      'Parallel',
      () => state({ Type: 'Parallel', Branches: [] }),
      'state "Only": Type: Parallel is not implemented here',
    ],
    ['Map', () => state({ Type: 'Map' }), 'state "Only": Type: Map is not implemented here'],
    [
      'a field of JSONPath',
      () => task({ ResultPath: '$' }),
      'state "Only": ResultPath: not implemented here',
    ],
    ['a heartbeat', () => task({ HeartbeatSeconds: 5 }), 'HeartbeatSeconds: not implemented here'],
    ['another query language', () => task({ QueryLanguage: 'JSONPath' }), 'QueryLanguage: only JSONata'],
    [
      'an unknown resource',
      () => task({ Resource: 'arn:aws:states:::sqs:sendMessage' }),
      'Resource: arn:aws:states:::sqs:sendMessage is not implemented here',
    ],
    [
      'a placeholder left over',
      () => task({ Resource: `\${CreateJobFunctionArn}` }),
      `Resource: \${CreateJobFunctionArn} is not`,
    ],
    [
      'a target that is no state',
      () => state({ Type: 'Pass', Next: 'Nowhere' }),
      'there is no state "Nowhere"',
    ],
    [
      'a catcher with such a target',
      () => task({ Catch: [{ ErrorEquals: ['E'], Next: 'Nowhere' }] }),
      'there is no state "Nowhere"',
    ],
    [
      'neither Next nor End',
      () => state({ Type: 'Pass' }),
      'Next: either the name of a state, or "End": true',
    ],
    ['both Next and End', () => state({ Type: 'Pass', Next: 'Next', End: true }), 'Next: either'],
    [
      'a broken expression',
      () => state({ Type: 'Pass', Output: { a: '{% 1 + %}' }, End: true }),
      'Output/a: S0207: Unexpected end of expression in {% 1 + %}',
    ],
    [
      'an expression that does not end',
      () => state({ Type: 'Pass', Output: '{% 1', End: true }),
      'Output: an expression starts with {% and ends with %}',
    ],
    [
      'a variable named states',
      () => state({ Type: 'Pass', Assign: { states: 1 }, End: true }),
      'Assign/states: not a name for a variable',
    ],
    [
      'a retrier with a strange field',
      () => task({ Retry: [{ ErrorEquals: ['E'], Delay: 1 }] }),
      'Retry[0]/Delay: not implemented here',
    ],
    [
      'a retrier without errors',
      () => task({ Retry: [{}] }),
      'Retry[0]/ErrorEquals: takes an array of error names',
    ],
    [
      'States.ALL in company',
      () => task({ Retry: [{ ErrorEquals: ['E', 'States.ALL'] }] }),
      'States.ALL must be the only name',
    ],
    [
      'a back-off below 1',
      () => task({ Retry: [{ ErrorEquals: ['E'], BackoffRate: 0.5 }] }),
      'BackoffRate: takes a number of at least 1',
    ],
    [
      'an unknown jitter',
      () => task({ Retry: [{ ErrorEquals: ['E'], JitterStrategy: 'HALF' }] }),
      'JitterStrategy: FULL or NONE',
    ],
    ['a choice without rules', () => state({ Type: 'Choice', Choices: [] }), 'Choices: at least one rule'],
    [
      'a rule of JSONPath',
      () => state({ Type: 'Choice', Choices: [{ Variable: '$.a', Next: 'Next' }] }),
      'Choices[0]/Variable: not implemented here',
    ],
    [
      'a rule without Condition',
      () => state({ Type: 'Choice', Choices: [{ Next: 'Next' }] }),
      'Choices[0]/Condition: expected boolean or an expression',
    ],
    [
      'a wait of half a second',
      () => state({ Type: 'Wait', Seconds: 0.5, End: true }),
      'Seconds: expected integer of 0 to',
    ],
    [
      'a wait for two things',
      () => state({ Type: 'Wait', Seconds: 5, Timestamp: '2026-01-01T00:00:00Z', End: true }),
      'Seconds: either Seconds or Timestamp',
    ],
    [
      'a wait until a bare date',
      () => state({ Type: 'Wait', Timestamp: '2026-01-01', End: true }),
      'Timestamp: expected timestamp or an expression',
    ],
    [
      'a cause that is no text',
      () => state({ Type: 'Fail', Cause: 5 }),
      'Cause: expected string or an expression',
    ],
  ])('%s', (_, load, message) => {
    expect(load()).toContain(message);
  });
});

test('an error names machine, state and field', () => {
  expect(task({ Parameters: {} })).toMatch(
    /^state machine job: state "Only": Parameters: not implemented here; known are Type, /,
  );
});
