// Serverless plugin: makes the role of each function from the statements under its `permissions:`. The role may also
// write to the function's own log group, and nothing else.
const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

export default class Permissions {
  constructor(serverless) {
    serverless.configSchemaHandler.defineFunctionProperties('aws', {
      type: 'object',
      properties: { permissions: { type: 'array', items: { type: 'object' } } },
      required: ['permissions'],
    });
    this.hooks = {
      initialize: () => {
        const { naming } = serverless.getProvider('aws');
        const { service } = serverless;
        for (const [name, definition] of Object.entries(service.functions)) {
          const logicalId = roleIdOf(name);
          definition.role = logicalId;
          service.resources.Resources[logicalId] = roleOf(name, definition.permissions, naming);
        }
      },
    };
  }
}

/** `submit-job` becomes `SubmitJobRole`. */
const roleIdOf = (name) => `${name.replaceAll(/(?:^|-)(.)/g, (_, letter) => letter.toUpperCase())}Role`;

const roleOf = (name, permissions, naming) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: TRUST,
    Policies: [
      {
        PolicyName: name,
        PolicyDocument: { Version: '2012-10-17', Statement: [logRights(name, naming), ...permissions] },
      },
    ],
  },
});

const logRights = (name, naming) => ({
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: { 'Fn::GetAtt': [naming.getLogGroupLogicalId(name), 'Arn'] },
});
