import { expect, test } from '@jest/globals';
import { virtualClock } from '../../../local/core/clock.ts';
import { createInProcessLambda } from '../../../local/lambda/in-process.ts';

const clock = virtualClock(0);
const lambda = createInProcessLambda({
  clock,
  functions: {
    slow: async (event) => {
      await new Promise((resolve) => setImmediate(resolve));
      return event;
    },
    failing: () => {
      throw Object.assign(new Error('later'), { name: 'Throttled' });
    },
  },
});

test('answers like Lambda: JSON in and out, errors with their name', async () => {
  expect(await lambda.invoke('slow', '{"a":[1]}')).toEqual({ payload: '{"a":[1]}' });
  const { payload, functionError } = await lambda.invoke('failing', '{}');
  expect([functionError, JSON.parse(payload)]).toMatchObject([
    'Unhandled',
    { errorType: 'Throttled', errorMessage: 'later' },
  ]);
  await expect(lambda.invoke('unknown', '{}')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
});

test('virtual time stands still while a function runs', async () => {
  const alarm = clock.sleep(1_000).then(() => clock.now());
  const answered = lambda.invoke('slow', '{}').then(() => clock.now());
  expect(await clock.runUntil(Promise.all([answered, alarm]))).toEqual([0, 1_000]);
});
