// Serverless plugin: bundles the functions before the framework packages them.
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
