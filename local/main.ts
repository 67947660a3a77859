/** Command line of the local stack: `start` runs it, `demo` shows it. */
const commands: Record<string, (options: string[]) => Promise<void>> = {
  start: async () => (await import('./start.ts')).start(),
  demo: async (options) => (await import('./demo/demo.ts')).demo(options),
};

const [name = '', ...options] = process.argv.slice(2);
const command = commands[name];
if (command) await command(options).catch(fail);
else fail(new Error(`usage: node local/main.ts ${Object.keys(commands).join(' | ')}`));

/** What a user can mend is thrown as a plain Error and needs one line; anything else is a fault of ours. */
function fail(error: Error): never {
  console.error(error.name === 'Error' ? `bucket-brigade: ${error.message}` : error);
  process.exit(1);
}
