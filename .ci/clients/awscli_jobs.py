"""The AWS CLI on the PATH against the local stack: awscli_jobs.py URL CASES RELEASE"""

import json
import os
import re
import subprocess
import sys

from scenario import Refused, play


class AwsCli:
    def __init__(self, url):
        self._url = url
        self.name = run(["aws", "--version"]).split()[0]

    def call(self, service, operation, parameters):
        command = re.sub(r"(?<!^)(?=[A-Z])", "-", operation).lower()
        arguments = [command, "--cli-input-json", json.dumps(parameters), "--output", "json"]
        if service == "s3":
            return json.loads(run(["aws", "--endpoint-url", self._url, "s3api", *arguments]) or "{}")
        through_stack = {**os.environ, "HTTP_PROXY": self._url}
        control = ["aws", "--endpoint-url", "http://s3control.local", "s3control"]
        return json.loads(run([*control, *arguments], through_stack) or "{}")

    def text(self, bucket, key):
        return run(["aws", "--endpoint-url", self._url, "s3", "cp", f"s3://{bucket}/{key}", "-"])

    def create_job_skeleton(self):
        return json.loads(run(["aws", "s3control", "create-job", "--generate-cli-skeleton"]))


def run(command, environment=None):
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8")
    if done.returncode == 0:
        return done.stdout
    error = re.search(r"An error occurred \((\w+)\)", done.stderr)
    raise Refused(error[1] if error else f"exit code {done.returncode}: {done.stderr.strip()}")


play(AwsCli(sys.argv[1]), *sys.argv[2:])
