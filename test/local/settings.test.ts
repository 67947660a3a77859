import { expect, test } from '@jest/globals';
import { readOptions, readSettings } from '../../local/settings.ts';

test('settings have defaults, and an empty variable is not set', () => {
  const defaults = { apiPort: 3000, awsPort: 4566, dataDir: '.local', speed: 1 };
  expect(readSettings({})).toEqual(defaults);
  expect(readSettings({ PORT: '', DATA_DIR: '', SPEED: '' })).toEqual(defaults);
});

test('settings are read from the environment', () => {
  expect(readSettings({ PORT: '0', AWS_PORT: '65535', DATA_DIR: '/tmp/x', SPEED: '0.5' })).toEqual({
    apiPort: 0,
    awsPort: 65_535,
    dataDir: '/tmp/x',
    speed: 0.5,
  });
});

test.each([
  ['PORT', 'http'],
  ['PORT', '65536'],
  ['AWS_PORT', '-1'],
  ['AWS_PORT', '1.5'],
  ['SPEED', '0'],
  ['SPEED', 'fast'],
  ['SPEED', 'Infinity'],
])('%s=%s is refused with its name', (name, value) => {
  expect(() => readSettings({ [name]: value })).toThrow(`${name} is "${value}"`);
});

test('options are those of serverless deploy', () => {
  expect(readOptions([])).toEqual({ stage: 'local', params: {} });
  expect(readOptions(['--stage', 'dev', '--param', 'tenancy=principal', '--param=email=a=b@c.de'])).toEqual({
    stage: 'dev',
    params: { tenancy: 'principal', email: 'a=b@c.de' },
  });
});

test.each([
  [['--param', 'tenancy'], '--param is "tenancy". Expected name=value'],
  [['--param', '=x'], '--param is "=x". Expected name=value'],
  [['--stage', 'No Stage'], '--stage is "No Stage"'],
  [['--tenancy', 'principal'], "Unknown option '--tenancy'"],
  [['extra'], 'Usage: npm start'],
])('the options %j are refused', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
