// biome-ignore-all lint/suspicious/noTemplateCurlyInString: serverless.yml writes its placeholders like this
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { type ReaderOptions, readServerlessYml } from '../../local/serverless-yml.ts';

const folder = mkdtempSync(join(tmpdir(), 'serverless-yml-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(
  join(folder, 'machine.json'),
  JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Task', Resource: '${CreateArn}' } } }),
);

mkdirSync(join(folder, 'stages'));
writeFileSync(join(folder, 'stages/prod.yml'), 'colour: [gold, red]\nnothing:\n');

const read = (yaml: string, params = {}, more: Partial<ReaderOptions> = {}) => {
  const file = join(folder, 'serverless.yml');
  writeFileSync(file, yaml);
  return readServerlessYml({ file, apiUrl: 'http://localhost:3000', params, ...more });
};

/** A stack with one function whose variable VALUE is the given YAML. */
const stackWith = (value: string, more = '') => `
service: demo
params:
  default: { colour: red, mode: open, nothing: }
  local: { colour: blue }
custom:
  list: [a, "\${param:colour}"]
  modes: { open: { deep: [1] }, shut: {} }
  mode: \${self:custom.modes.\${param:mode}}
provider: { stage: "\${opt:stage, 'dev'}", timeout: 15, memorySize: 512, environment: { ALL: 1 } }
functions:
  make-it:
    handler: dist/make-it/index.handler
    environment:
      VALUE: ${value}
resources:
  Resources:
    Inbox: { Type: "AWS::S3::Bucket" }
    Role: { Type: "AWS::IAM::Role" }
    Topic: { Type: "AWS::SNS::Topic" }
    Key: { Type: "AWS::KMS::Key" }
${more}`;
const resolved = (value: string, params = {}) =>
  read(stackWith(value), params).functions[0]?.environment['VALUE'];

describe('a variable of the framework', () => {
  test.each([
    ['${self:service}', 'demo'],
    ['"${self:service}-${sls:stage}-x"', 'demo-local-x'],
    ['${self:provider.stage}', 'local'],
    ["${opt:region, 'us-east-1'}", 'us-east-1'],
    ['${param:colour}', 'blue'],
    ['${param:absent, "none"}', 'none'],
    ['${self:custom.mode.deep}', '1'],
    ['${opt:absent, ${self:service}}', 'demo'],
    ['${param:nothing, param:colour}', 'blue'],
  ])('%s is %s', (variable, value) => {
    expect(resolved(variable)).toBe(value);
  });

  test('has the parameters of its stage from a file, over the defaults on one machine and those of the stack', () => {
    const paramDefaults = { colour: 'grey', mode: 'open' };
    const { parameters, functions } = read(
      stackWith('${param:colour}'),
      {},
      { stage: 'prod', paramDefaults },
    );
    expect(parameters).toEqual({ colour: 'gold,red', mode: 'open', nothing: null });
    expect(functions[0]?.environment['VALUE']).toBe('gold,red');
    const other = read(stackWith('${param:colour}'), {}, { stage: 'dev', paramDefaults });
    expect(other.functions[0]?.environment['VALUE']).toBe('grey');
  });

  test('prefers a given parameter to those in the files', () => {
    expect(resolved('${param:colour}', { colour: 'green' })).toBe('green');
    const prod = read(stackWith('${param:colour}'), { colour: 'green' }, { stage: 'prod' });
    expect(prod.functions[0]?.environment['VALUE']).toBe('green');
  });

  test.each([
    ['${self:custom.absent}', 'functions.make-it.environment.VALUE: ${self:custom.absent} has no value'],
    ['${ssm:/a/b}', 'the source "ssm" is unknown'],
    ['"x-${self:custom.mode}"', 'is not a text'],
    ['${self:functions.make-it.environment.VALUE}', 'refers to itself'],
  ])('%s is refused with its location', (variable, message) => {
    expect(() => resolved(variable)).toThrow(message);
  });
});

describe('a function of CloudFormation', () => {
  test.each([
    ['{ Ref: "AWS::AccountId" }', '000000000000'],
    ['{ Ref: Inbox }', 'demo-local'],
    ['!Ref Topic', 'arn:aws:sns:us-east-1:000000000000:demo-local'],
    ['{ Fn::GetAtt: [Inbox, Arn] }', 'arn:aws:s3:::demo-local'],
    ['{ Fn::GetAtt: Role.Arn }', 'arn:aws:iam::000000000000:role/Role'],
    [
      '!GetAtt MakeDashitLambdaFunction.Arn',
      'arn:aws:lambda:us-east-1:000000000000:function:demo-local-make-it',
    ],
    ['{ Fn::GetAtt: [HttpApi, ApiEndpoint] }', 'http://localhost:3000'],
    [
      '{ Fn::Sub: "${AWS::Partition}/${Inbox}/${Inbox.Arn}/${!kept}" }',
      'aws/demo-local/arn:aws:s3:::demo-local/${kept}',
    ],
    ['!Sub "in ${AWS::Region}"', 'in us-east-1'],
    ['{ Fn::Sub: ["<${n}>", { n: { Ref: Inbox } }] }', '<demo-local>'],
    ['{ Fn::Join: ["+", "${self:custom.list}"] }', 'a+blue'],
    ['{ Fn::Join: ["/", { Fn::Split: [",", "x,y"] }] }', 'x/y'],
  ])('%s is %s', (value, expected) => {
    expect(resolved(value)).toBe(expected);
  });

  test.each([
    ['{ Fn::Base64: x }', 'functions.make-it.environment.VALUE: Fn::Base64 is not implemented'],
    ['{ Ref: Unknown }', 'there is no resource Unknown'],
    ['{ Fn::GetAtt: [Inbox, WebsiteURL] }', 'no resource has the attribute Inbox.WebsiteURL'],
  ])('%s is refused with its location', (value, message) => {
    expect(() => resolved(value)).toThrow(message);
  });
});

describe('the stack', () => {
  const machine = `
    Machine:
      Type: AWS::StepFunctions::StateMachine
      Properties:
        RoleArn: !GetAtt Role.Arn
        Definition: \${file(machine.json)}
        DefinitionSubstitutions: { CreateArn: !GetAtt MakeDashitLambdaFunction.Arn }`;

  test('has functions with their own settings or those of the provider', () => {
    expect(read(stackWith('x')).functions).toEqual([
      {
        name: 'demo-local-make-it',
        arn: 'arn:aws:lambda:us-east-1:000000000000:function:demo-local-make-it',
        bundle: 'make-it',
        handlerName: 'handler',
        timeoutSeconds: 15,
        memoryMb: 512,
        environment: { ALL: '1', VALUE: 'x' },
      },
    ]);
  });

  test('has state machines with their placeholders filled in', () => {
    const [found] = read(stackWith('x', machine)).stateMachines;
    expect(found).toMatchObject({ name: 'demo-local', roleArn: 'arn:aws:iam::000000000000:role/Role' });
    expect(JSON.parse(found?.definition ?? '').States.A.Resource).toBe(
      'arn:aws:lambda:us-east-1:000000000000:function:demo-local-make-it',
    );
  });

  test('refuses a placeholder without a substitution', () => {
    const without = machine.replace('CreateArn:', 'OtherArn:');
    expect(() => read(stackWith('x', without))).toThrow(
      'resources.Resources.Machine.Properties.Definition: ${CreateArn} has no substitution',
    );
  });

  test('refuses a resource that has no stand-in', () => {
    expect(() => read(stackWith('x', '    Table: { Type: "AWS::DynamoDB::Table" }'))).toThrow(
      'resources.Resources.Table: AWS::DynamoDB::Table has no stand-in',
    );
  });

  test.each([
    ['httpApi: "GET /jobs/{id}"', { method: 'GET', path: '/jobs/{id}' }],
    [
      'httpApi: { method: post, path: /jobs, authorizer: { type: aws_iam } }',
      { method: 'POST', path: '/jobs', authorizer: 'iam' },
    ],
    ['httpApi: { method: "*", path: /all }', { method: 'ANY', path: '/all' }],
  ])('has the route of %s', (event, route) => {
    const yaml = stackWith('x').replace('handler: dist', `events: [{ ${event} }]\n    handler: dist`);
    expect(read(yaml).routes).toEqual([{ ...route, functionName: 'demo-local-make-it' }]);
  });

  test.each([
    [
      'schedule: rate(1 minute)',
      'functions.make-it.events[0]: events of the kind schedule are not implemented',
    ],
    [
      'httpApi: { method: GET, path: /, authorizer: { name: callers } }',
      'functions.make-it.events[0].authorizer',
    ],
  ])('refuses the event %s', (event, message) => {
    const yaml = stackWith('x').replace('handler: dist', `events: [{ ${event} }]\n    handler: dist`);
    expect(() => read(yaml)).toThrow(message);
  });

  test('with a JWT issuer has its authorizer on every route', () => {
    const { routes } = readServerlessYml({
      file: join(import.meta.dirname, '../../serverless.yml'),
      apiUrl: 'http://localhost',
      params: { auth: 'jwt', jwtIssuer: 'https://issuer.example', jwtAudience: 'jobs' },
    });
    for (const { authorizer } of routes)
      expect(authorizer).toEqual({ issuer: 'https://issuer.example', audience: ['jobs'], scopes: ['jobs'] });
  });

  test('of serverless.yml is read completely', () => {
    const file = join(import.meta.dirname, '../../serverless.yml');
    const { functions, routes, stateMachines, topics, buckets } = readServerlessYml({
      file,
      apiUrl: 'http://localhost',
    });
    expect([functions.length > 0, routes.length > 0]).toEqual([true, true]);
    expect([stateMachines.length, topics.length, buckets.length]).toEqual([1, 1, 1]);
    expect(JSON.stringify({ functions, stateMachines })).not.toMatch(/\$\{\w/);
  });
});
