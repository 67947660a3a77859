/** Makes docs/console.png: the page with the jobs of the demo. Needs Chromium; CHROMIUM names it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const root = join(import.meta.dirname, '..');

/** Starts the demo and waits for its three jobs; returns the address of the page. */
function startDemo(): { address: Promise<string>; stop(): void } {
  const demo = spawn(process.execPath, ['local/main.ts', 'demo', '--keep'], { cwd: root });
  const address = new Promise<string>((done, fail) => {
    let output = '';
    demo.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const [, found] = /See them at (\S+)/.exec(output) ?? [];
      if (found) done(found);
    });
    demo.on('exit', (code) => fail(new Error(`the demo exited with ${code}:\n${output}`)));
  });
  return { address, stop: () => demo.kill('SIGINT') };
}

const demo = startDemo();
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
const page = await browser.newPage({ viewport: { width: 1100, height: 760 } });
await page.goto(await demo.address);
await page.locator('.jobs li').nth(2).waitFor();
await page.getByRole('link', { name: 'verify checksums' }).first().click();
await page.locator('td').first().waitFor();
await page.screenshot({ path: join(root, 'docs/console.png') });
await browser.close();
demo.stop();
