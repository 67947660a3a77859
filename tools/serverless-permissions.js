// Serverless plugin: makes the role of each function from the statements under its `permissions:`, and expands what
// statements take from parameters.
import { addRoles } from './roles.ts';
import { givenParameters } from './serverless-parameters.js';

export default class Permissions {
  constructor(serverless) {
    serverless.configSchemaHandler.defineFunctionProperties('aws', {
      type: 'object',
      properties: { permissions: { type: 'array', items: { type: 'object' } } },
      required: ['permissions'],
    });
    this.hooks = {
      initialize: () => addRoles(serverless.service, givenParameters(serverless)),
    };
  }
}
