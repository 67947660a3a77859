/** The listed role that a caller names by its ARN or its name, the first without a name; undefined when not listed. */
export const roleArnOf = (name: string | undefined, roleArns: readonly string[]): string | undefined =>
  name === undefined ? roleArns[0] : roleArns.find((arn) => arn === name || arn.endsWith(`/${name}`));
