/** The listed role with this ARN or name, or the first role without one; undefined when the role is not listed. */
export const roleArnOf = (name: string | undefined, roleArns: readonly string[]): string | undefined =>
  name === undefined ? roleArns[0] : roleArns.find((arn) => arn === name || arn.endsWith(`/${name}`));
