/**
 * Metrics that AWS publishes, with the sets of dimensions by which they can be read. Sources: the pages "CloudWatch
 * metrics" (or "Monitoring … with CloudWatch") of each service.
 */
export const awsMetrics: Readonly<
  Record<string, { names: readonly string[]; dimensions: readonly string[][] }>
> = {
  'AWS/ApiGateway': {
    names: ['4xx', '5xx', 'Count', 'DataProcessed', 'IntegrationLatency', 'Latency'],
    dimensions: [['ApiId'], ['ApiId', 'Stage'], ['ApiId', 'Method', 'Resource', 'Stage']],
  },
  'AWS/Lambda': {
    names: ['ConcurrentExecutions', 'Duration', 'Errors', 'Invocations', 'Throttles'],
    dimensions: [['FunctionName'], ['FunctionName', 'Resource'], []],
  },
  'AWS/SNS': {
    names: ['NumberOfMessagesPublished', 'NumberOfNotificationsDelivered', 'NumberOfNotificationsFailed'],
    dimensions: [['TopicName']],
  },
  'AWS/SQS': {
    names: ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible', 'NumberOfMessagesSent'],
    dimensions: [['QueueName']],
  },
  'AWS/States': {
    names: [
      'ExecutionTime',
      'ExecutionsAborted',
      'ExecutionsFailed',
      'ExecutionsStarted',
      'ExecutionsSucceeded',
      'ExecutionsTimedOut',
      'ExecutionThrottled',
    ],
    dimensions: [['StateMachineArn']],
  },
};
