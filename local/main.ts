/** Command line of the local stack: `start` runs it, `demo` demonstrates it. */
const commands: Record<string, (options: string[]) => Promise<void>> = {
  start: async () => (await import('./start.ts')).start(),
  demo: async (options) => (await import('./demo/demo.ts')).demo(options),
};

const [name = '', ...options] = process.argv.slice(2);
const command = commands[name];
if (command) await command(options).catch(fail);
else fail(new Error(`usage: node local/main.ts ${Object.keys(commands).join(' | ')}`));

/** A plain Error is something that the user can fix and is printed in one line. Any other error is a bug. */
function fail(error: Error): never {
  console.error(error.name === 'Error' ? `bucket-brigade: ${error.message}` : error);
  process.exit(1);
}
