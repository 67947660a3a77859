/**
 * Starts the command line: `node local/main.ts start` or `demo`. `main.ts` is a folder with JavaScript in it, because a
 * Node.js without type stripping refuses a `.ts` file before it runs a line of it.
 */
if (process.features.typescript) {
  const { run } = await import('../command.ts');
  await run(process.argv.slice(2));
} else {
  console.error(
    `bucket-brigade: Node.js ${process.version} cannot run TypeScript. Use Node.js 22.18 or newer, or \`npm start\` after \`npm ci\`.`,
  );
  process.exitCode = 1;
}
