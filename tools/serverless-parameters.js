// Serverless plugin: refuses unknown and malformed deployment parameters before anything is packaged.
import { parameterFaults } from './parameters.ts';

/** The parameters of this stage: those of the command line over those of the file. */
export function givenParameters(serverless) {
  const { params = {} } = serverless.configurationInput;
  const given = (serverless.processedInput.options.param ?? []).map((text) => {
    const [name, ...value] = text.split('=');
    return [name, value.join('=')];
  });
  const ofStage = params[serverless.getProvider('aws').getStage()] ?? {};
  const known = Object.entries({ ...params.default, ...ofStage }).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(known), ...Object.fromEntries(given) };
}

export default class Parameters {
  constructor(serverless) {
    this.hooks = {
      initialize: () => {
        const faults = parameterFaults(givenParameters(serverless));
        if (faults.length > 0) throw new serverless.classes.Error(faults.join('\n'));
      },
    };
  }
}
