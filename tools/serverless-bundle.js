// Serverless plugin: bundles the functions before the framework packages them. An environment has room for 4,096 bytes,
// so what is known when packaging becomes a part of the bundle: only values of CloudFormation stay in the environment.
import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

export default class Bundle {
  constructor(serverless) {
    const texts = new Map();
    const separate = () => {
      for (const [name, definition] of Object.entries(serverless.service.functions)) {
        const variables = Object.entries(definition.environment ?? {});
        const isKnown = ([, value]) => typeof value !== 'object';
        texts.set(name, Object.fromEntries(variables.filter(isKnown)));
        definition.environment = Object.fromEntries(variables.filter((variable) => !isKnown(variable)));
      }
    };
    const run = () => {
      const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
        cwd: serverless.serviceDir,
        stdio: 'inherit',
        shell: process.platform === 'win32',
      });
      if (status !== 0) throw new serverless.classes.Error('bundling failed');
      // At the end, so that the positions in the source map stay right. The handlers read it later.
      for (const [name, known] of texts)
        appendFileSync(
          join(serverless.serviceDir, 'dist', name, 'index.mjs'),
          `Object.assign(process.env, ${JSON.stringify(known)});\n`,
        );
    };
    this.hooks = {
      initialize: separate,
      'before:package:createDeploymentArtifacts': run,
      'before:deploy:function:packageFunction': run,
    };
  }
}
