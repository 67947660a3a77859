/** The smallest function for LambdaInvoke: answers that every task of the event has succeeded. */
export const handler = async ({ invocationSchemaVersion, invocationId, tasks }) => ({
  invocationSchemaVersion,
  treatMissingKeysAs: 'PermanentFailure',
  invocationId,
  results: tasks.map(({ taskId }) => ({ taskId, resultCode: 'Succeeded', resultString: '' })),
});
