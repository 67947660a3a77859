/** The least that a function for LambdaInvoke can be: every task of the event has succeeded. */
export const handler = async ({ invocationSchemaVersion, invocationId, tasks }) => ({
  invocationSchemaVersion,
  treatMissingKeysAs: 'PermanentFailure',
  invocationId,
  results: tasks.map(({ taskId }) => ({ taskId, resultCode: 'Succeeded', resultString: '' })),
});
