// Serverless plugin: takes the parameters of a stage from its file, and refuses unknown and malformed parameters before
// anything is packaged.
import { parameterFaults } from './parameters.ts';
import { stageFileOf, stageParameters } from './stage-parameters.ts';

const stageOf = (serverless) => serverless.getProvider('aws').getStage();

/** The parameters of this stage: those of the command line over those of the file, over the defaults. */
export function givenParameters(serverless) {
  const { params = {} } = serverless.configurationInput;
  const given = (serverless.processedInput.options.param ?? []).map((text) => {
    const [name, ...value] = text.split('=');
    return [name, value.join('=')];
  });
  const ofStage = params[stageOf(serverless)] ?? {};
  const known = Object.entries({ ...params.default, ...ofStage }).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(known), ...Object.fromEntries(given) };
}

export default class Parameters {
  constructor(serverless, _, { log }) {
    const stage = stageOf(serverless);
    const ofFile = stageParameters(serverless.serviceDir, stage);
    const { params } = serverless.configurationInput;
    // The framework resolves ${param:…} after it has made the plugins.
    params[stage] = { ...params[stage], ...ofFile };
    this.hooks = {
      initialize: () => {
        const faults = parameterFaults(givenParameters(serverless));
        if (faults.length > 0) throw new serverless.classes.Error(faults.join('\n'));
      },
      'before:package:initialize': () => {
        if (!ofFile)
          log.notice(
            `The stage ${stage} has no ${stageFileOf(stage)}: its parameters are the defaults and --param.`,
          );
      },
    };
  }
}
