// Serverless plugin: makes jobs call the worker version that this deployment publishes, so that the next deployment does
// not change the code of a running job. serverless.yml cannot name the version: its logical id contains a hash.
const VARIABLE = 'WORKER_FUNCTION_ARN';

export default class WorkerVersion {
  constructor(serverless) {
    this.hooks = {
      'after:package:compileFunctions': () => {
        const { versionLogicalId } = serverless.service.getFunction('worker');
        if (!versionLogicalId) throw new serverless.classes.Error('the worker has no version');
        const { Resources } = serverless.service.provider.compiledCloudFormationTemplate;
        for (const { Properties } of Object.values(Resources)) {
          const variables = Properties?.Environment?.Variables ?? {};
          if (VARIABLE in variables) variables[VARIABLE] = { Ref: versionLogicalId };
        }
      },
    };
  }
}
