import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startServices } from '../../support/services.ts';
import { callWire, wireRequest } from '../../support/wire.ts';

const PATH = '/_bucket-brigade/faults';
const json = { 'content-type': 'application/json' };

let stack: Awaited<ReturnType<typeof startServices>>;
beforeAll(async () => {
  stack = await startServices();
});
afterEach(() => stack.faults.clear());

async function request(method: string, body = '', path = PATH, headers: Record<string, string> = json) {
  const { status, text } = await callWire(stack.aws, wireRequest(method, path, { headers, body }));
  return { status, body: JSON.parse(text) };
}
const put = (body: unknown) => request('PUT', JSON.stringify(body));
const throttle = { type: 'throttle' };

describe('the control endpoint for faults', () => {
  test('sets, lists and clears faults', async () => {
    const fault = { service: 's3', action: 'GetObject', times: 3, effect: throttle };
    const shown = { seed: 'one', faults: [{ id: '1', ...fault, matched: 0, struck: 0 }] };
    expect(await put({ seed: 'one', faults: [fault] })).toEqual({ status: 200, body: shown });
    expect(await request('GET', '', PATH, {})).toEqual({ status: 200, body: shown });
    expect(stack.faults.list()).toEqual(shown);
    expect(await request('DELETE')).toEqual({ status: 200, body: { seed: '', faults: [] } });
  });

  test('refuses requests that a web form can send', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await request('PUT', '{"faults":[]}', PATH, form)).status).toBe(415);
    expect((await request('DELETE', '', PATH, {})).status).toBe(415);
  });

  test('refuses any other method', async () => {
    expect(await request('POST', '{}')).toEqual({
      status: 405,
      body: { message: 'The method must be one of GET, HEAD, PUT, DELETE' },
    });
  });

  test.each<[string, unknown]>([
    ['the body must be a JSON object', []],
    ['faults is required', {}],
    ['faults must be an array', { faults: {} }],
    ['rules is not a known member; the members are seed, faults', { rules: [] }],
    ['seed must be a string of 1 to 1,024 characters', { seed: 1, faults: [] }],
    ['faults[0] must be a JSON object', { faults: [null] }],
  ])('refuses, saying "%s", the body %j', async (message, body) => {
    expect(await put(body)).toMatchObject({ status: 400, body: { message } });
  });

  test.each<[string, object]>([
    ['service is required', { effect: throttle }],
    ['effect is required', { service: 's3' }],
    [
      'service must be one of s3, s3control, states, sns, lambda, batch',
      { service: 'sqs', effect: throttle },
    ],
    [
      'action is not an action of s3; it must be an action of its API',
      { service: 's3', action: 'Getobject' },
    ],
    ['action is not an action of sns; it must be Publish', { service: 'sns', action: 'Subscribe' }],
    [
      'action is not an action of batch; it must be one of LambdaInvoke,',
      { service: 'batch', action: 'toString' },
    ],
    ['match.keyPrefix is not a known member; the members are bucket, key', { match: { keyPrefix: 'a' } }],
    ['match.jobId is not a known member; the members are bucket, key', { match: { jobId: 'a' } }],
    ['match.bucket must be a string', { match: { bucket: '' } }],
    ['match.objectShare must be a number above 0 and at most 1', { match: { objectShare: 2 } }],
    ['match is not allowed: states has no member to match', { service: 'states', match: {} }],
    [
      'match.key is not a known member; the members are jobId',
      { service: 'batch', match: { key: 'a' }, effect: { type: 'failJob' } },
    ],
    ['times must be an integer of at least 1', { times: 0 }],
    ['after must be an integer of at least 0', { after: 0.5 }],
    ['every must be an integer of at least 1', { every: '2' }],
    ['share must be a number above 0 and at most 1', { share: 0 }],
    ['id must be a string', { id: 7 }],
    ['effect must be a JSON object', { effect: 'throttle' }],
    ['effect.type must be one of throttle, error,', { effect: {} }],
    [
      'effect.type cannot be timeOut for s3; timeOut is for lambda',
      { effect: { type: 'timeOut', seconds: 1 } },
    ],
    ['effect.type cannot be disconnect for batch', { service: 'batch', effect: { type: 'disconnect' } }],
    [
      'effect.afterWork is not a known member; the members are type',
      { effect: { ...throttle, afterWork: true } },
    ],
    ['effect.afterWork must be true or false', { effect: { type: 'disconnect', afterWork: 1 } }],
    ['effect.seconds is required', { effect: { type: 'delay' } }],
    ['effect.seconds must be a number above 0 and at most 86400', { effect: { type: 'delay', seconds: -1 } }],
    ['effect.status is required with a code', { effect: { type: 'error', code: 'NoSuchKey' } }],
    ['effect.code is required with status 404', { effect: { type: 'error', status: 404 } }],
    ['effect.status must be an integer from 400 to 599', { effect: { type: 'error', status: 200 } }],
    ['mach is not a known member; the members are id, service,', { mach: {} }],
  ])('refuses, naming the member: %s', async (message, members) => {
    const fault = 'effect' in members ? members : { effect: throttle, ...members };
    const faults = [{ service: 's3', ...fault }];
    if (message === 'service is required') Reflect.deleteProperty(faults[0] as object, 'service');
    if (message === 'effect is required') Reflect.deleteProperty(faults[0] as object, 'effect');
    const { status, body } = await put({ faults });
    expect(status).toBe(400);
    expect(body.message).toContain(`faults[0].${message}`.replace('faults[0].faults', 'faults'));
    expect(body.message.startsWith(body.member)).toBe(true);
    expect(stack.faults.list().faults).toEqual([]);
  });

  test('refuses two faults with the same id', async () => {
    const faults = [
      { service: 's3', effect: throttle },
      { id: '1', service: 's3', effect: throttle },
    ];
    expect((await put({ faults })).body.message).toBe(
      'faults[1].id must be unique; another fault has the id 1',
    );
  });

  test('refuses a body that is not JSON', async () => {
    const { status, body } = await request('PUT', '{');
    expect({ status, member: body.member }).toEqual({ status: 400, member: 'the body' });
  });
});

describe('docs/faults.md', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/faults.md'), 'utf8');
  const commands = [...text.matchAll(/^```sh\n(curl .*?)\n```$/gms)].map(([, command = '']) => command);

  /** The parts of a curl command. */
  const parse = (command: string) => ({
    method: /-X (\w+)/.exec(command)?.[1] ?? 'GET',
    path: /localhost:4566(\S+)/.exec(command)?.[1] ?? '',
    headers: Object.fromEntries([...command.matchAll(/-H '([\w-]+): ([^']+)'/g)].map((m) => [m[1], m[2]])),
    body: /-d '(.*)'$/s.exec(command)?.[1] ?? '',
  });

  test.each(commands.map((command) => [command.replace(/\s+/g, ' ').slice(0, 160), command]))(
    'has a valid command: %s',
    async (_, command) => {
      const { method, path, headers, body } = parse(command);
      const answer = await request(method, body, path, headers);
      expect(answer.status).toBe(200);
      if (body !== '') expect(answer.body).toMatchObject(JSON.parse(body));
    },
  );

  test('shows every effect in a command', () => {
    const bodies = commands.join('\n');
    const types = [
      ...['throttle', 'error', 'disconnect', 'delay', 'functionError', 'timeOut', 'suspendJob', 'failJob'],
    ];
    expect(types.filter((type) => !bodies.includes(`"type": "${type}"`))).toEqual([]);
  });
});
