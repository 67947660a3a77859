import { ACCOUNT_ID, REGION } from '../core/account.ts';
import { AwsError } from '../core/aws-error.ts';

/** The forms that Invoke takes: a name, a partial ARN or an ARN, each with or without a qualifier. */
const FUNCTION_NAME =
  /^(?:(?:arn:aws[a-zA-Z-]*:lambda:(?<region>[a-z0-9-]+):)?(?<account>\d{12}):function:|function:)?(?<name>[a-zA-Z0-9-_]{1,140})(?::(?<qualifier>\$LATEST|[a-zA-Z0-9-_]+))?$/;

/** A function as the caller named it: `arn` carries the qualifier, `version` is `$LATEST` or a number. */
export interface NamedFunction {
  name: string;
  arn: string;
  version: string;
}

export const functionArn = (name: string) => `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${name}`;

/**
 * Parses the name of a function. Every version number runs the current code. For aliases, other accounts and other
 * Regions it throws `ResourceNotFoundException`, as Lambda does for what does not exist.
 */
export function parseFunctionName(functionName: string): NamedFunction {
  const groups = FUNCTION_NAME.exec(functionName)?.groups;
  const name = groups?.['name'];
  if (!groups || !name) {
    throw new AwsError(
      'ValidationException',
      400,
      `Value '${functionName}' at 'functionName' is not a function name, a partial ARN or an ARN`,
    );
  }
  const { region = REGION, account = ACCOUNT_ID, qualifier } = groups;
  const arn = `arn:aws:lambda:${region}:${account}:function:${name}${qualifier ? `:${qualifier}` : ''}`;
  const known = region === REGION && account === ACCOUNT_ID && /^(?:\$LATEST|\d+)?$/.test(qualifier ?? '');
  if (!known) throw functionNotFound(arn);
  return { name, arn, version: qualifier ?? '$LATEST' };
}

export const functionNotFound = (arn: string) =>
  new AwsError('ResourceNotFoundException', 404, `Function not found: ${arn}`);
