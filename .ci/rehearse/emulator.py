"""Starts MiniStack with the jobs of S3 Control, which it lacks. Ends, with all functions, when its standard input ends.

MiniStack authorizes each call of a job as the caller's role; then the stand-in of this project answers it. Each call of
a role that IAM denies is printed: `denied ROLE ACTION RESOURCE`.
"""

import asyncio
import os
import re
import signal
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from xml.etree import ElementTree

from ministack import app
from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import provisioners

JOBS = "/v20180820/jobs"
ACTIONS = {
    ("POST", "status"): "UpdateJobStatus",
    ("POST", "priority"): "UpdateJobPriority",
    ("GET", "tagging"): "GetJobTagging",
    ("PUT", "tagging"): "PutJobTagging",
    ("DELETE", "tagging"): "DeleteJobTagging",
    ("GET", ""): "DescribeJob",
}

mini_enforce = iam_evaluator.enforce
mini_alarm = provisioners._cw_metric_alarm_record
mini_control = app._handle_s3_control_request


def enforce(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
    denied = mini_enforce(access_key_id, iam_action, service, region, resource_arn, service_context)
    role = re.search(r":assumed-role/([^/]+)", getattr(denied, "principal_arn", ""))
    if role:
        print("denied", role[1], iam_action, resource_arn, flush=True)
    return denied


def checks_of_creation(body):
    """CreateJob requires rights for the job, for its tags, and for passing its role."""
    job = ElementTree.fromstring(body)
    operation = job.find("{*}Operation")
    context = {"s3:RequestJobPriority": job.findtext("{*}Priority", "")}
    if operation is not None and len(operation):
        context["s3:RequestJobOperation"] = operation[0].tag.split("}")[-1]
    yield "s3", "s3:CreateJob", "*", context
    if job.find("{*}Tags/*") is not None:
        yield "s3", "s3:PutJobTagging", job_arn("*"), {}
    yield "iam", "iam:PassRole", job.findtext("{*}RoleArn", ""), {"iam:PassedToService": "batchoperations.s3.amazonaws.com"}


def job_arn(job_id):
    return f"arn:aws:s3:{get_region()}:{get_account_id()}:job/{job_id}"


def checks_of(method, path, query, body):
    job_id, _, part = path[len(JOBS) :].strip("/").partition("/")
    if job_id:
        context = {"s3:RequestJobPriority": query["priority"][0]} if part == "priority" else {}
        return [("s3", f"s3:{ACTIONS[method, part]}", job_arn(job_id), context)]
    return list(checks_of_creation(body)) if method == "POST" else [("s3", "s3:ListJobs", "*", {})]


async def control(path, method, body, query_params, request_id, headers=None):
    if not path.startswith(JOBS):
        return await mini_control(path, method, body, query_params, request_id, headers)
    for service, action, resource, context in checks_of(method, path, query_params, body):
        denied = app._enforce_data_plane(service, action, headers, query_params, request_id, resource, context)
        if denied:
            status, answer_headers, answer = denied
            error = re.search(rb"<Message>.*?</Message>", answer)
            return status, answer_headers, (
                b"<ErrorResponse><Error><Code>AccessDenied</Code>%s</Error></ErrorResponse>" % (error[0] if error else b"")
            )
    return await asyncio.to_thread(forward, path, method, body, query_params, headers)


def forward(path, method, body, query_params, headers):
    url = os.environ["S3_CONTROL"] + urllib.parse.quote(path) + "?" + urllib.parse.urlencode(query_params, doseq=True)
    kept = {name: value for name, value in headers.items() if name in ("content-type", "x-amz-account-id")}
    request = urllib.request.Request(url, data=body or None, method=method, headers=kept)
    try:
        answer = urllib.request.urlopen(request)
    except urllib.error.HTTPError as refused:
        answer = refused
    with answer:
        return answer.status, dict(answer.headers), answer.read()


def alarm(name, properties):
    """MiniStack refuses an alarm over several metrics. It is made over the first of them."""
    for metric in properties.get("Metrics") or []:
        if "MetricStat" in metric:
            found = metric["MetricStat"]
            properties = {**properties, **found["Metric"], "Statistic": found["Stat"], "Metrics": None}
            break
    return mini_alarm(name, properties)


# Resources that MiniStack does not know, and that no other resource needs. It records their names.
UNKNOWN = ["AWS::Logs::QueryDefinition"]
NAME_ONLY = {
    "create": lambda logical_id, properties, stack: (f"{stack}-{logical_id}", {}),
    "update": lambda physical_id, before, after, stack: (physical_id, {}),
    "delete": lambda physical_id, properties: None,
}


def end_with_stdin():
    sys.stdin.read()
    os.killpg(0, signal.SIGKILL)


iam_evaluator.enforce = enforce
app._handle_s3_control_request = control
provisioners._cw_metric_alarm_record = alarm
provisioners._RESOURCE_HANDLERS.update({name: NAME_ONLY for name in UNKNOWN})
app._port_is_bindable = lambda host, port: False  # with TLS, MiniStack would also take port 443
threading.Thread(target=end_with_stdin, daemon=True).start()
app.main()
