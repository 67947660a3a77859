// Serverless plugin: jobs call the worker in the version that this deployment publishes, so that the next one does not
// change the code of a job that runs. The version's name in the template is a hash, which serverless.yml cannot say.
const VARIABLE = 'WORKER_FUNCTION_ARN';

export default class WorkerVersion {
  constructor(serverless) {
    this.hooks = {
      'after:package:compileFunctions': () => {
        const { versionLogicalId } = serverless.service.getFunction('worker');
        if (!versionLogicalId) throw new serverless.classes.Error('the worker has no version to call');
        const { Resources } = serverless.service.provider.compiledCloudFormationTemplate;
        for (const { Properties } of Object.values(Resources)) {
          const variables = Properties?.Environment?.Variables ?? {};
          if (VARIABLE in variables) variables[VARIABLE] = { Ref: versionLogicalId };
        }
      },
    };
  }
}
