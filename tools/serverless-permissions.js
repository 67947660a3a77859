// Serverless plugin: makes the role of each function from the statements under its `permissions:`, and expands the
// lists that statements name. A function's role may also write to the function's own log group.
import { givenParameters } from './serverless-parameters.js';
import { expandStatements } from './statements.ts';

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
        const { functions, resources } = serverless.service;
        for (const [name, definition] of Object.entries(functions)) {
          definition.role = roleIdOf(name);
          resources.Resources[definition.role] = roleOf(name, definition.permissions, naming);
        }
        const given = givenParameters(serverless);
        for (const { Type, Properties } of Object.values(resources.Resources)) {
          if (Type !== 'AWS::IAM::Role') continue;
          for (const { PolicyDocument } of Properties.Policies)
            PolicyDocument.Statement = expandStatements(PolicyDocument.Statement, given);
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
