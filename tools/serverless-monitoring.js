// Serverless plugin: adds the resources of monitoring.yml to those of serverless.yml.
import { addMonitoring } from './monitoring.ts';
import { givenParameters } from './serverless-parameters.js';

export default class Monitoring {
  constructor(serverless) {
    this.hooks = {
      initialize: () => addMonitoring(serverless.service, givenParameters(serverless)),
    };
  }
}
