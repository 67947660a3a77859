import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { LOCAL_PARAMS } from '../../local/params.ts';
import { parameterFaults, parameterTypes } from '../../tools/parameters.ts';
import { stageParameters } from '../../tools/stage-parameters.ts';

const yml = parse(readFileSync(join(import.meta.dirname, '../../serverless.yml'), 'utf8'));
const defaults: Record<string, unknown> = yml.params.default;
const faultsOf = (given: Record<string, string>) => parameterFaults({ ...defaults, ...given });

test('the table has exactly the parameters of serverless.yml', () => {
  expect(Object.keys(parameterTypes).sort()).toEqual(Object.keys(defaults).sort());
});

test('the defaults, and those of the local stack, have no fault', () => {
  expect(faultsOf({})).toEqual([]);
  expect(faultsOf(LOCAL_PARAMS)).toEqual([]);
});

describe('a parameter is refused', () => {
  test.each([
    ['tenency', 'principal', 'Parameter tenency is unknown. Did you mean tenancy?'],
    [
      'partition',
      'aws-cn',
      'Parameter partition is unknown. Known parameters: dataBuckets, manifestBuckets,',
    ],
    ['tenancy', 'foo', 'the value "foo". It takes deployment, principal, or claim:NAME'],
    ['tenancy', 'claim:', 'It takes deployment, principal, or claim:NAME'],
    [
      'workerActions',
      'delete-objects',
      'the entry "delete-objects". It takes delete-object, webhook. Did you mean delete-object?',
    ],
    ['workerActions', 'gzip', 'It takes delete-object, webhook.'],
    ['dataBuckets', 'my-data, my-archive', 'the entry " my-archive". It takes names of buckets'],
    ['dataBuckets', 'my-data,', 'the entry "". It takes names of buckets'],
    ['dataBuckets', 'arn:aws:s3:::my-data', 'It takes names of buckets'],
    ['dataBuckets', 'my-data/2026*', 'It takes names of buckets'],
    ['dataBuckets', 'My_Data', 'It takes names of buckets'],
    ['dataBuckets', 'ab', 'It takes names of buckets'],
    ['dataBuckets', '', 'Parameter dataBuckets is not set.'],
    ['manifestBuckets', 'lists/$' + '{AWS::Region}', 'It takes names of buckets'],
    ['reportBuckets', 's3://reports', 'It takes names of buckets'],
    ['targetBuckets', 'copies?', 'It takes names of buckets'],
    ['functions', 'tagger:7', 'It takes names of functions of this account and Region, without version'],
    ['functions', 'arn:aws:lambda:us-east-1:111122223333:function:tagger', 'It takes names of functions'],
    ['kmsKeys', 'alias/mine', 'It takes ARNs of KMS keys'],
    ['kmsKeys', 'arn:aws:kms:us-east-1:111122223333:alias/mine', 'It takes ARNs of KMS keys'],
    ['webhooks', 'https://hooks.example.com', 'It takes hosts'],
    ['operations', 'S3PutObjectTag', 'Did you mean S3PutObjectTagging?'],
    ['operations', 's3putobjectcopy', 'Did you mean S3PutObjectCopy?'],
    ['maxRetryObjects', '2e6', 'It takes a whole number from 1 to 1000000000.'],
    ['maxRetryObjects', '0', 'It takes a whole number from 1 to 1000000000.'],
    ['maxPriority', '2147483648', 'It takes a whole number from 0 to 2147483647.'],
    ['complianceRetention', 'yes', 'It takes true or false.'],
    ['publicGrants', 'True', 'It takes true or false. Did you mean true?'],
    ['email', 'ops', 'It takes one e-mail address.'],
    ['email', 'a@b.example,c@d.example', 'It takes one e-mail address.'],
    ['auth', 'none', 'It takes iam or jwt.'],
    ['jwtIssuer', 'issuer.example', 'which begins with https://'],
    ['jwtAudience', 'one,two', 'It takes one audience'],
    ['accountScopeTenants', 'a, b', 'It takes tenants, separated by commas.'],
    ['webhookSecret', 'my hooks', 'It takes the name of a secret'],
    ['logRetentionDays', '31', 'It takes one of 1, 3, 5, 7, 14, 30,'],
    ['logLevel', 'debug', 'It takes DEBUG or INFO or WARN or ERROR.'],
    ['logLevel', '', 'Parameter logLevel is not set. Every deployment requires it.'],
    ['logExecutionData', 'yes', 'It takes true or false.'],
    ['tracing', 'Active', 'It takes true or false.'],
    ['costTags', 'team', 'It takes tags such as team=media,env=prod, separated by commas'],
    ['costTags', 'aws:team=media', 'names do not begin with aws:'],
    ['costTags', 'team=media=x', 'It takes tags such as'],
    ['workerConcurrency', '0', 'It takes a whole number from 1 to 100000.'],
    ['monthlyBudgetUsd', '9.99', 'It takes a whole number from 1 to 100000000.'],
    ['monthlyBudgetUsd', '50', 'Parameter alarmEmail is not set. monthlyBudgetUsd requires it.'],
    ['logRetentionDays', 'forever', 'It takes one of 1, 3, 5, 7, 14, 30,'],
    ['reportRetentionDays', '30', 'It takes a whole number from 31 to 36500.'],
    ['requestsPerSecond', '0.5', 'It takes a whole number from 1 to 10000.'],
    ['requestBurst', '', 'Parameter requestBurst is not set. Every deployment requires it.'],
  ])('%s=%s', (name, value, message) => {
    const faults = faultsOf({ [name]: value });
    expect(faults).toEqual([expect.stringContaining(message)]);
  });

  test.each([
    [{ auth: 'jwt' }, ['jwtIssuer', 'jwtAudience']],
    [{ tenancy: 'claim:sub' }, ['tenancy']],
    [{ auth: 'jwt', jwtIssuer: 'https://i.example', jwtAudience: 'jobs', tenancy: 'principal' }, ['tenancy']],
    [{ workerActions: 'webhook' }, ['webhookSecret']],
  ])('when what it requires is not set: %j', (given, named) => {
    expect(faultsOf(given).map((fault) => /^Parameter (\w+)/.exec(fault)?.[1])).toEqual(named);
  });
});

test.each([
  ['dataBuckets', 'my-data,my-archive-*,*'],
  ['manifestBuckets', 'lists/in/*,lists.v2/2026*'],
  ['functions', 'tagger,my-*'],
  ['kmsKeys', 'arn:aws:kms:us-east-1:111122223333:key/mrk-1234,arn:aws-cn:kms:*:111122223333:key/*'],
  ['webhooks', 'hooks.example.com,hooks.example.com:8443/jobs/*,*.example.org'],
  ['operations', 'S3PutObjectTagging,LambdaInvoke'],
  ['email', 'ops+jobs@mail.example.com'],
  ['tenancy', 'principal'],
  ['accountScopeTenants', 'arn:aws:iam::111122223333:role/ops,deployment'],
  ['workerActions', 'delete-object'],
  ['logRetentionDays', '365'],
  ['costTags', 'team=media,cost:center=42 a'],
  ['workerConcurrency', '5'],
])('a parameter is accepted: %s=%s', (name, value) => {
  expect(faultsOf({ [name]: value })).toEqual([]);
});

describe('the file of a stage', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stages-'));
  mkdirSync(join(folder, 'stages'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const stageWith = (yaml: string) => {
    writeFileSync(join(folder, 'stages/test.yml'), yaml);
    return stageParameters(folder, 'test') ?? {};
  };

  test('has texts, numbers, switches and lists; what has no value is left out', () => {
    const yaml = 'dataBuckets:\n  - one\n  - two-* # more\nmaxPriority: 5\npublicGrants: true\nemail:\n';
    expect(stageWith(yaml)).toEqual({ dataBuckets: 'one,two-*', maxPriority: '5', publicGrants: 'true' });
    expect(stageWith('# nothing yet\n')).toEqual({});
    expect(stageParameters(folder, 'other')).toBeUndefined();
  });

  test.each([
    ['tenency: principal', 'Parameter tenency is unknown. Did you mean tenancy?'],
    [
      'dataBuckets: { one: two }',
      'Parameter dataBuckets has the entry "[object Object]". It takes names of buckets',
    ],
    ['dataBuckets: [my_data]', 'the entry "my_data". It takes names of buckets'],
  ])('%j is refused by the same table', (yaml, fault) => {
    expect(faultsOf(stageWith(yaml)).join()).toContain(fault);
  });

  test('that is committed as an example is valid with all its lines', () => {
    const example = readFileSync(join(import.meta.dirname, '../../stages/prod.yml'), 'utf8');
    const all = stageWith(example.replaceAll(/^# (?=\w+:| {2}- )/gm, ''));
    expect(Object.keys(all).length).toBeGreaterThan(5);
    expect(faultsOf(all)).toEqual([]);
  });
});
