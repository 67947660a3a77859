// Serverless plugin: bundles the functions whenever the framework is about to package them.
import { spawnSync } from 'node:child_process';

export default class Bundle {
  constructor(serverless) {
    const run = () => {
      const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
        cwd: serverless.serviceDir,
        stdio: 'inherit',
        shell: process.platform === 'win32',
      });
      if (status !== 0) throw new serverless.classes.Error('bundling failed');
    };
    this.hooks = {
      'before:package:createDeploymentArtifacts': run,
      'before:deploy:function:packageFunction': run,
    };
  }
}
