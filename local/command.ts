/** The commands of the local stack: `start` runs it, `demo` demonstrates it. */
const commands: Record<string, (options: string[]) => Promise<void>> = {
  start: async (options) => (await import('./start.ts')).start(options),
  demo: async (options) => (await import('./demo/demo.ts')).demo(options),
};

/** Runs the command that the first argument names. */
export async function run([name = '', ...options]: string[]): Promise<void> {
  const command = commands[name];
  if (command) await command(options).catch(fail);
  else fail(new Error(`usage: node local/main.ts ${Object.keys(commands).join(' | ')}`));
}

/** A plain Error is something that the user can fix and is printed in one line. Any other error is a bug. */
function fail(error: Error): never {
  console.error(error.name === 'Error' ? `bucket-brigade: ${error.message}` : error);
  process.exit(1);
}
