"""boto3 against the local stack: boto3_jobs.py URL CASES RELEASE"""

import sys

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.utils import ArgumentGenerator

from scenario import Refused, play


class Boto3:
    name = f"boto3 {boto3.__version__}"

    def __init__(self, url):
        proxied = Config(proxies={"http": url})
        self._clients = {
            "s3": boto3.client("s3", endpoint_url=url),
            "s3control": boto3.client("s3control", endpoint_url="http://s3control.local", config=proxied),
        }

    def call(self, service, operation, parameters):
        client = self._clients[service]
        try:
            return getattr(client, xform_name(operation))(**parameters)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            raise Refused(code, is_modelled=type(error) is not ClientError) from error

    def text(self, bucket, key):
        return self._clients["s3"].get_object(Bucket=bucket, Key=key)["Body"].read().decode()

    def create_job_skeleton(self):
        model = self._clients["s3control"].meta.service_model.operation_model("CreateJob")
        return ArgumentGenerator().generate_skeleton(model.input_shape)


play(Boto3(sys.argv[1]), *sys.argv[2:])
