import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { lintAsl } from '../../tools/asl-lint.ts';
import { lintExpression } from '../../tools/jsonata-lint.ts';
import { definitionOf, functionArn } from '../support/states.ts';

const task = {
  Type: 'Task',
  Resource: functionArn('work'),
  TimeoutSeconds: 60,
  Retry: [{ ErrorEquals: ['E'] }],
  Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput %}', Next: 'Done' }],
  Assign: { found: '{% $states.result %}' },
  Next: 'Done',
};
const done = { Type: 'Succeed', Output: '{% $found %}' };

// asl-validator takes a third of a second for each machine, so one machine has many faults.
describe('machines', () => {
  test('the job machine is clean', () => {
    expect(lintAsl(readFileSync('statemachines/job.asl.json', 'utf8'))).toEqual([]);
  });

  test('variables of catchers and choice rules are known, and plain placeholders are fine', () => {
    const Catch = [{ ...task.Catch[0], Assign: { found: 1 } }];
    const Output = '{% $picked %}';
    const pick = {
      Type: 'Choice',
      Choices: [{ Condition: '{% true %}', Assign: { picked: '{% $found %}' }, Next: 'Done' }],
    };
    const Resource = `\${WorkFunctionArn}`;
    const states = {
      Work: { ...task, Resource, Assign: {}, Catch, Next: 'Pick' },
      Pick: pick,
      Done: { ...done, Output },
    };
    expect(lintAsl(definitionOf(states))).toEqual([]);
  });

  test('a Task without Retry, Catch and TimeoutSeconds, and expressions that refer to nothing', () => {
    const careless = {
      Type: 'Task',
      Resource: functionArn('work'),
      Arguments: { a: ['{% $states.result %}'] },
      Output: '{% $states.errorOutput %}',
      Next: 'Done',
    };
    expect(lintAsl(definitionOf({ Work: careless, Done: done }))).toEqual([
      'state "Work": a Task without Retry',
      'state "Work": a Task without Catch',
      'state "Work": a Task without TimeoutSeconds',
      'state "Work": Arguments/a/0: $states.result exists in Assign and Output of a Task only',
      'state "Work": Output: $states.errorOutput exists in Catch only',
      'state "Done": Output: $found is assigned by no state',
    ]);
  });

  test('placeholders that are no plain names', () => {
    const names = ['AWS::Region', 'self:service', "'a': 1", 'Create Job', 'a.b'].map((name) => `\${${name}}`);
    const states = { Work: { ...task, Comment: names.join(' ') }, Done: done };
    expect(lintAsl(definitionOf(states))).toEqual(names.map((name) => `${name} is not a plain placeholder`));
  });

  test("asl-validator's findings", () => {
    const [fieldOfJsonPath] = lintAsl(definitionOf({ Work: { ...task, ResultPath: '$' }, Done: done }));
    expect(fieldOfJsonPath).toContain('/States/Work');
    const [noSuchState] = lintAsl(definitionOf({ Work: { ...task, Next: 'Nowhere' }, Done: done }));
    expect(noSuchState).toContain('MISSING_TRANSITION_TARGET');
  });

  test('text that is no JSON', () => {
    expect(lintAsl('{')[0]).toMatch(/^not JSON: /);
  });
});

describe('expressions', () => {
  test.each([
    '$states.input.list[value > 3].name',
    '$states.input.list[$.a = 1]',
    '$states.input.list^(>price).name',
    '$states.input.list@$one.other#$i[$i = 1]',
    '$states.input{name: $sum(price)}',
    '$states.input ~> |list|{"b": c}|',
    '$map($states.input.list, function($v, $i) { $v & $i })',
    '($f := function($n) { $n = 0 ? 1 : $f($n - 1) }; $f(3))',
    '$states.input.list ~> $map($string)',
    '$toMillis("2026-01-01", "[Y]-[M]-[D]")',
    '$partition($range(1, 9, 1), 2) ~> $string()',
    '$hash($uuid(), "MD5") & $random() & $now() & $millis() & $parse("1")',
    '$known + 1',
  ])('%s is fine', (text) => {
    expect(lintExpression(text, ['known'])).toEqual([]);
  });

  test.each([
    ['$', '$ stands for a context'],
    ['$.a', '$ stands for a context'],
    ['$$', '$$ is not supported'],
    ['$states.input.list[$$.a = 1]', '$$ is not supported'],
    ['phone', 'the bare name phone refers to nothing'],
    ['phone.home', 'the bare name phone refers to nothing'],
    ['{"a": b}', 'the bare name b refers to nothing'],
    ['$map($states.input.list, function($v) { b })', 'the bare name b refers to nothing'],
    ['*', '* refers to nothing'],
    ['**.a', '** refers to nothing'],
    ['$unknown', '$unknown is assigned by no state'],
    ['$states.input.list[a = $unknown]', '$unknown is assigned by no state'],
    ['($x := 1; $y)', '$y is assigned by no state'],
    ['$nothing(1)', '$nothing is assigned by no state'],
    ['$eval("1")', '$eval does not exist on AWS'],
    ['$map($states.input.list, $eval)', '$eval does not exist on AWS'],
    ['$shuffle([1, 2])', '$shuffle draws from the process'],
    ['$toMillis("10:00", "[H]:[m]")', '$toMillis with the picture [H]:[m]'],
    ['"10:00" ~> $toMillis("[H]:[m]")', '$toMillis with the picture [H]:[m]'],
    ['$toMillis("10:00", $states.input.picture)', '$toMillis takes a picture as a literal only'],
    ['1 +', 'Unexpected end of expression'],
  ])('%s is not', (text, fault) => {
    expect(lintExpression(text, []).join('\n')).toContain(fault);
  });
});
