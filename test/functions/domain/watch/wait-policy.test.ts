import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nextWaitSeconds } from '../../../../functions/domain/watch/wait-policy.ts';

const DAY = 86_400;

function pollsUntil(endSeconds: number): number {
  let polls = 0;
  for (let age = 0; age < endSeconds; polls++) age += nextWaitSeconds({ ageSeconds: age });
  return polls;
}

describe('without progress', () => {
  test('an end is noticed within max(15 s, 2 %), and never later than the cap', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 365 * DAY, noNaN: true }), (ageSeconds) => {
        const wait = nextWaitSeconds({ ageSeconds });
        expect(Number.isInteger(wait)).toBe(true);
        expect(wait).toBeGreaterThanOrEqual(15);
        expect(wait).toBeLessThanOrEqual(Math.max(15, 0.02 * ageSeconds));
        expect(wait).toBeLessThanOrEqual(Math.max(1800, 0.0025 * ageSeconds));
      }),
    );
  });

  test.each([
    [3600, 132],
    [DAY, 295],
    [30 * DAY, 1700],
  ])('a job of %d seconds takes at most %d polls', (seconds, polls) => {
    expect(pollsUntil(seconds)).toBeLessThanOrEqual(polls);
  });

  test('a whole year stays below 20,000 of the 25,000 events of an execution', () => {
    const eventsPerPoll = 9;
    expect(pollsUntil(365 * DAY) * eventsPerPoll).toBeLessThan(20_000);
  });
});

describe('with progress', () => {
  test('waits longer while much is left, at most as long as the job has been Active', () => {
    const wait = (tasksDone: number, seconds: number) =>
      nextWaitSeconds({ ageSeconds: 60, active: { seconds, tasksDone, tasksTotal: 1_000_000 } });
    expect(wait(1000, 60)).toBe(60);
    expect(wait(900_000, 600)).toBe(53);
    expect(wait(0, 60)).toBe(15);
    expect(wait(1000, 10_000)).toBe(900);
  });

  test('a Complete at a steady rate is noticed within max(15 s, 2 %), for many tasks and for few', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 10 * DAY }),
        fc.integer({ min: 1, max: 1000 }),
        (endSeconds, tasksTotal) => {
          let age = 0;
          while (age < endSeconds) {
            const active = {
              seconds: age,
              tasksDone: Math.floor((tasksTotal * age) / endSeconds),
              tasksTotal,
            };
            age += nextWaitSeconds({ ageSeconds: age, active });
          }
          expect(age - endSeconds).toBeLessThanOrEqual(Math.max(15, 0.02 * endSeconds) + 1);
        },
      ),
      { numRuns: 200 },
    );
  });
});
