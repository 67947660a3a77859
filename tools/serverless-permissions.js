// Serverless plugin: makes the role of each function from the statements under its `permissions:`, and expands what
// statements take from parameters.
import { functionFaults } from './limits.ts';
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
      initialize: () => {
        const { service } = serverless;
        const faults = Object.values(service.functions).flatMap(({ name, environment }) =>
          functionFaults(name, { ...service.provider.environment, ...environment }),
        );
        if (faults.length > 0) throw new serverless.classes.Error(faults.join('\n'));
        try {
          addRoles(service, givenParameters(serverless));
        } catch (error) {
          throw new serverless.classes.Error(error.message);
        }
      },
    };
  }
}
