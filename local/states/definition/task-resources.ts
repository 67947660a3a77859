const FUNCTION_ARN = /^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/;

export const PUBLISH_ARN = 'arn:aws:states:::sns:publish';

/** Whether a Task can call it: a Lambda function by its ARN, or SNS's Publish. */
export const isTaskResource = (arn: string): boolean => FUNCTION_ARN.test(arn) || arn === PUBLISH_ARN;
