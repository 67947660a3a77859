// Imports a bundle and invokes its handler once, as a cold start does: `first-call.mjs URL EVENT`.
const [, , url, text] = process.argv;
const event = JSON.parse(text);
const context = {
  functionName: 'bench',
  memoryLimitInMB: '512',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:bench',
  awsRequestId: '00000000-0000-4000-8000-000000000000',
  getRemainingTimeInMillis: () => 30_000,
};
const before = process.cpuUsage();
const { handler } = await import(url);
await handler(event, context);
const { user, system } = process.cpuUsage(before);
process.send((user + system) / 1000);
process.disconnect();
