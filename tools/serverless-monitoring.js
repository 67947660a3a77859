// Serverless plugin: adds the resources of monitoring.yml to those of serverless.yml.
export default class Monitoring {
  constructor(serverless) {
    this.hooks = {
      initialize: () => {
        const { resources, custom } = serverless.service;
        Object.assign(resources.Resources, custom.monitoring.Resources);
      },
    };
  }
}
