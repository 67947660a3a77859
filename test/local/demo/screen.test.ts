import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { createScreen } from '../../../local/demo/screen.ts';

const output = (isTTY: boolean) => {
  const written: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      written.push(text);
      done();
    },
  });
  const terminal = { isTTY, columns: 80, hasColors: () => true, getColorDepth: () => 8 };
  return { written, screen: createScreen(Object.assign(stream, terminal) as unknown as NodeJS.WriteStream) };
};
const progress = (done: number) => ({ status: 'Active', done, failed: 1, total: 1_000 });

test('prints a plain line for each quarter when the output is a pipe', () => {
  const { written, screen } = output(false);
  const show = screen.bar('tag');
  for (let done = 0; done <= 1_000; done += 10) show(progress(done));
  screen.line('the end');
  expect(written).toEqual([
    '  tag                       Active      0 of 1,000, 1 failed\n',
    '  tag                       Active      250 of 1,000, 1 failed\n',
    '  tag                       Active      500 of 1,000, 1 failed\n',
    '  tag                       Active      750 of 1,000, 1 failed\n',
    '  tag                       Active      1,000 of 1,000, 1 failed\n',
    'the end\n',
  ]);
});

test('redraws bars on a terminal, with new lines above them', () => {
  const { written, screen } = output(true);
  const show = screen.bar('tag');
  show(progress(500));
  screen.line('a notice');
  expect(written.at(-1)?.startsWith('\x1b[1A\x1b[Ja notice\n  tag')).toBe(true);
  expect(written.at(-1)).toMatch(/█+.*░+.* Active {6}500 of 1,000, 1 failed\n$/);
  screen.settle();
  screen.line('below');
  expect(written.at(-1)).toBe('below\n');
});
