import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { virtualClock } from '../../../local/core/clock.ts';
import { createRandom } from '../../../local/core/random.ts';
import type { Fault } from '../../../local/faults/fault.ts';
import type { Occasion } from '../../../local/faults/fault-state.ts';
import { createFaults, type FaultPoint } from '../../../local/faults/faults.ts';

const open = (faults: Fault[], seed?: string, log?: (line: string) => void) => {
  const made = createFaults({
    clock: virtualClock(0),
    random: createRandom('selection'),
    ...(log && { log }),
  });
  made.set(faults, seed);
  return made;
};
const throttle = { type: 'throttle' } as const;
const call: Occasion = { action: 'GetObject', bucket: 'data', key: 'key' };

/** Whether each occasion is struck. */
const struckBy = (faults: Fault[], occasions: Occasion[], seed = 'seed', point: FaultPoint = 's3') => {
  const { strike } = open(faults, seed);
  return occasions.map((occasion) => strike(point, occasion).effect !== undefined);
};
/** Numbers of the calls that are struck, counted from 1. */
const numbersStruck = (fault: Partial<Fault>, calls = 12) =>
  struckBy([{ service: 's3', effect: throttle, ...fault }], Array(calls).fill(call)).flatMap((isStruck, i) =>
    isStruck ? [i + 1] : [],
  );
const keys = (count: number): Occasion[] =>
  Array.from({ length: count }, (_, i) => ({ ...call, key: `key-${i}` }));

describe('a fault', () => {
  test.each<[Partial<Fault>, number[]]>([
    [{ times: 2 }, [1, 2]],
    [{ after: 10 }, [11, 12]],
    [{ after: 10, times: 1 }, [11]],
    [{ every: 5 }, [5, 10]],
    [{ after: 1, every: 5 }, [6, 11]],
    [{ every: 3, times: 2 }, [3, 6]],
    [{ action: 'PutObject' }, []],
    [{ service: 's3control' }, []],
    [{ match: { bucket: 'data', key: 'other' } }, []],
    [{ match: { key: 'k*' }, every: 12 }, [12]],
  ])('with %j strikes the calls %j', (fault, numbers) => {
    expect(numbersStruck(fault)).toEqual(numbers);
  });

  test('with a match on a member matches no call without that member', () => {
    const fault: Fault = { service: 's3', match: { key: '*' }, effect: throttle };
    expect(struckBy([fault], [{ action: 'ListBuckets' }])).toEqual([false]);
  });

  test('matches text literally except for *', () => {
    const glob = fc.array(fc.constantFrom('*', 'a', 'b', '.', '+', '(', 'ä'), { maxLength: 8 });
    const key = fc.array(fc.constantFrom('a', 'b', '.', '+', '(', 'ä', '\n'), { maxLength: 12 });
    const asRegExp = (pattern: string[]) =>
      new RegExp(
        `^${pattern.map((part) => (part === '*' ? '.*' : part.replace(/\W/, '\\$&'))).join('')}$`,
        's',
      );
    fc.assert(
      fc.property(glob, key, (pattern, text) => {
        fc.pre(pattern.length > 0);
        const fault: Fault = { service: 's3', match: { key: pattern.join('') }, effect: throttle };
        const isStruck = struckBy([fault], [{ ...call, key: text.join('') }]);
        expect(isStruck).toEqual([asRegExp(pattern).test(text.join(''))]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('faults', () => {
  test('are evaluated in order up to the first that strikes', () => {
    const error = { type: 'error' } as const;
    const { strike, list } = open([
      { service: 's3', times: 1, effect: throttle },
      { id: 'second', service: 's3', effect: error },
      { service: 's3', effect: throttle },
    ]);
    expect([strike('s3', call).effect, strike('s3', call).effect]).toEqual([throttle, error]);
    expect(list().faults).toMatchObject([
      { id: '1', matched: 1, struck: 1 },
      { id: 'second', matched: 1, struck: 1 },
      { id: '3', matched: 0, struck: 0 },
    ]);
  });

  test('are logged once, at their first strike', () => {
    const lines: string[] = [];
    const { strike } = open([{ id: 'slow', service: 's3', effect: throttle }], 'seed', (line) => {
      lines.push(line);
    });
    strike('s3', call);
    strike('s3', call);
    expect(lines).toEqual(['fault slow strikes: throttle at s3 GetObject']);
  });

  test('are replaced with their counters by new faults, and removed when they are cleared', () => {
    const faults = open([{ service: 's3', times: 1, effect: throttle }]);
    faults.strike('s3', call);
    faults.set([{ service: 's3', times: 1, effect: throttle }]);
    expect(faults.strike('s3', call)).toEqual({ delayMs: 0, effect: throttle });
    faults.clear();
    expect(faults.strike('s3', call)).toEqual({ delayMs: 0 });
    expect([faults.has('s3'), faults.list()]).toEqual([false, { seed: '', faults: [] }]);
  });

  test('stay set when new faults are refused', () => {
    const faults = open([{ service: 's3', effect: throttle }], 'first');
    expect(() => faults.set([{ service: 's3', effect: throttle, share: 2 }], 'second')).toThrow(
      'faults[0].share must be a number above 0 and at most 1',
    );
    expect(faults.list()).toMatchObject({ seed: 'first', faults: [{ service: 's3' }] });
  });
});

describe('the seed', () => {
  const some: Fault = { id: 'some', service: 's3', share: 0.3, effect: throttle };

  test('gives the same faults again; another seed gives other faults', () => {
    const calls: Occasion[] = Array(200).fill(call);
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (seed) => {
        const first = struckBy([some], calls, seed);
        expect(struckBy([some], calls, seed)).toEqual(first);
        expect(struckBy([some], calls, `${seed}'`)).not.toEqual(first);
      }),
      { numRuns: 50 },
    );
  });

  test('gives about the requested share of strikes', () => {
    const struck = struckBy([some], Array(10_000).fill(call)).filter(Boolean).length;
    expect(struck).toBeGreaterThan(2_800);
    expect(struck).toBeLessThan(3_200);
  });

  test('gives each fault its own draws: one more fault changes nothing for the others', () => {
    const calls: Occasion[] = Array(200).fill(call);
    const more: Fault = { id: 'more', service: 's3', share: 0.5, effect: { type: 'delay', seconds: 1 } };
    expect(struckBy([more, some], calls)).toEqual(struckBy([some], calls));
  });

  test('selects the same objects in any order and at every use', () => {
    const broken: Fault = { service: 's3', match: { objectShare: 0.1 }, effect: { type: 'error' } };
    const once = struckBy([broken], keys(1_000));
    const twice = struckBy([broken], [...keys(1_000).toReversed(), ...keys(1_000)]);
    expect(twice).toEqual([...once.toReversed(), ...once]);
    const count = once.filter(Boolean).length;
    expect(count).toBeGreaterThan(70);
    expect(count).toBeLessThan(130);
  });

  test('is drawn and shown when none is given', () => {
    const faults = open([some]);
    expect(faults.list().seed).toMatch(/^[0-9a-f]{16}$/);
  });
});
