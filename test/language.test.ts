import { expect, test } from '@jest/globals';
import { retiredWordsBelow, retiredWordsIn } from '../tools/language.ts';

test('no text, identifier or file name has a retired word', () => {
  expect(retiredWordsBelow('.')).toEqual([]);
});

test.each([
  ['lookAtBucket', 'look'],
  ['it looks\n * at it', 'looks'],
  ['the job goes\n// on', 'goes // on'],
  ['$unseenSince', 'unseen'],
  ["'cannot-see'", 'cannot see'],
  ['placeManifest', 'place'],
  ['PublishBreakdown', 'breakdown'],
  ['isMendable', 'mendable'],
  ['BranchOnBlindness', 'blindness'],
])('finds the retired word of %j', (text, word) => {
  expect(retiredWordsIn('x.ts', text)).toMatchObject([{ file: 'x.ts', line: expect.any(Number), word }]);
});

test.each([
  'look up a lookup',
  'replaces the placeholder',
  'the lifecycle of an island',
  'ongoing',
  'foretold',
])('takes %j', (text) => {
  expect(retiredWordsIn('x.ts', text)).toEqual([]);
});
