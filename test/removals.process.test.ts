/** Each queue, policy statement and log permission of the packaged template is needed: without it, a check fails. */
import { expect, test } from '@jest/globals';
import { ofType, packageStack, type Resources } from './support/packaged-template.ts';
import { PARAMETERS, policyStatementsOf, referencesIn, templateFaults } from './support/template-needs.ts';

const { resources } = packageStack(
  ...Object.entries(PARAMETERS).map(([name, value]) => `--param=${name}=${value}`),
);

type Removal = [what: string, remove: (of: Resources) => void];

/** Removes every member and entry that is the name of the resource. */
function prune(value: unknown, id: string): unknown {
  const isName = (inner: unknown) =>
    ['Ref', 'Fn::GetAtt', 'Fn::Sub'].some((name) => Object.hasOwn(Object(inner), name)) &&
    referencesIn(inner).includes(id);
  if (Array.isArray(value)) return value.filter((entry) => !isName(entry)).map((entry) => prune(entry, id));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => !isName(member))
      .map(([name, member]) => [name, prune(member, id)]),
  );
}

/** The resource, and all that names it. */
const removeCleanly = (id: string) => (of: Resources) => {
  delete of[id];
  for (const resource of Object.values(of)) resource.Properties = prune(resource.Properties, id);
};

const queues = ofType(resources, 'AWS::SQS::Queue').map(
  ([id]): Removal => [`queue ${id}`, removeCleanly(id)],
);

const ofRoles = ofType(resources, 'AWS::IAM::Role').flatMap(([role, { Properties }]) => [
  ...Properties.Policies[0].PolicyDocument.Statement.map(
    ({ Sid, Action, NotAction }: Record<string, string>, i: number): Removal => [
      `statement ${role}: ${Sid ?? [Action ?? NotAction].flat()[0]}`,
      (of) => void of[role]?.Properties.Policies[0].PolicyDocument.Statement.splice(i, 1),
    ],
  ),
  [
    `trust of ${role}`,
    (of: Resources) => void of[role]?.Properties.AssumeRolePolicyDocument.Statement.splice(0, 1),
  ] as Removal,
]);

const ofResources = Object.entries(resources).flatMap(([id, resource]) =>
  policyStatementsOf(resource).map(
    ({ Sid, Action }, i): Removal => [
      `statement ${id}: ${Sid ?? [Action].flat()[0]}`,
      (of) => {
        const changed = of[id];
        if (changed) policyStatementsOf(changed).splice(i, 1);
      },
    ],
  ),
);

const invocations = ofType(resources, 'AWS::Lambda::Permission').map(
  ([id]): Removal => [`permission ${id}`, (of) => delete of[id]],
);

const logs: Removal[] = [
  ...ofType(resources, 'AWS::Logs::LogGroup').map(([id]): Removal => [`log group ${id}`, removeCleanly(id)]),
  ['log of the state machine', (of) => delete of['JobStateMachine']?.Properties.LoggingConfiguration],
  ['access log', (of) => delete of['HttpApiStage']?.Properties.AccessLogSettings],
];

test('the template as packaged lacks nothing', () => {
  expect(templateFaults(resources)).toEqual([]);
});

const kinds: Removal[][] = [queues, ofRoles, ofResources, invocations, logs];

test.each(kinds.flat())('is noticed when it is removed: %s', (_, remove) => {
  const without = structuredClone(resources);
  remove(without);
  expect(templateFaults(without)).not.toEqual([]);
});

test('no kind of removal is without a row', () => {
  for (const rows of kinds) expect(rows.length).toBeGreaterThan(1);
});
