"""What every client must be able to do against the local stack, whichever way it is called."""

import json
import re
import sys
import time
from datetime import datetime

ACCOUNT = {"AccountId": "000000000000"}
UNKNOWN_JOB = "c41f9a7e-0b3d-4e62-8f15-6d2e7a90b3c4"
LONGEST_JOB_SECONDS = 60


class Refused(Exception):
    """A call that the stack answered with an error."""

    def __init__(self, code, is_modelled=None):
        super().__init__(code)
        self.code = code
        # Whether the client raised the class that the model has for it; None where a client has no classes.
        self.is_modelled = is_modelled


class Mismatch(Exception):
    pass


def play(client, cases_file, release):
    """Runs all cases of the file and all calls of the jobs API; prints one line, more if something is wrong.

    Only an old release may lack operations.
    """
    with open(cases_file, encoding="utf-8") as file:
        cases = json.load(file)
    skeleton = client.create_job_skeleton()
    known = [case for case in cases if knows(skeleton, case["request"])]
    plain = next(case["request"] for case in known if case["name"] == "S3PutObjectTagging")
    counted = Counted(client)
    steps = [(case["name"], run_case, case) for case in known]
    steps += [(step.__name__, step, plain) for step in (change_and_confirm, list_in_pages, be_refused)]
    failures, passed = [], 0
    for name, step, argument in steps:
        try:
            step(counted, argument)
            passed += 1
        except Exception as error:  # whatever it is, the next step is tried as well
            failures.append(f"{client.name}: FAILED {name}: {error!r}")

    unknown = [case["name"] for case in cases if case not in known]
    if unknown and release == "newest":
        failures.append(f"{client.name}: FAILED to know {', '.join(unknown)}, although it is the newest")

    operations = {operation for case in known for operation in case["request"]["Operation"]}
    print(
        f"{client.name}: {passed} of {len(steps)} steps passed, with {len(operations)} operations"
        f" and {len(counted.operations)} calls of the jobs API in {counted.requests} requests"
        + (f"; not known to its model: {', '.join(unknown)}" if unknown else "")
    )
    for failure in failures:
        print(failure)
    sys.exit(1 if failures else 0)


class Counted:
    """A client that counts what is called of S3 Control."""

    def __init__(self, client):
        self._client = client
        self.name, self.text = client.name, client.text
        self.operations = set()
        self.requests = 0

    def call(self, service, operation, parameters):
        if service == "s3control":
            self.operations.add(operation)
            self.requests += 1
        return self._client.call(service, operation, parameters)


def knows(skeleton, value):
    """Whether the client's model, as an example of its input shows it, has all the members of a value."""
    if isinstance(value, dict) and "KeyName" not in skeleton:
        return all(key in skeleton and knows(skeleton[key], member) for key, member in value.items())
    if isinstance(value, list):
        return all(knows(skeleton[0], member) for member in value)
    return True


def run_case(client, case):
    job_id = client.call("s3control", "CreateJob", case["request"])["JobId"]
    job = job_that_is(client, "Complete", job_id)
    expect(job, {"Description": case["name"], "ProgressSummary": {"TotalNumberOfTasks": 1}})
    expect(plain_dates(job)["Operation"], case["request"]["Operation"])
    for effect in case["effects"]:
        operation = effect["read"][0].upper() + effect["read"][1:]
        expect(client.call("s3", operation, effect["of"]), effect["answer"])
    if "row" in case:
        rows = report_of(client, job)
        if case["row"] not in rows:
            raise Mismatch(f"no {case['row']} in the report: {rows}")


def report_of(client, job):
    bucket = job["Report"]["Bucket"].split(":")[-1]
    manifest = json.loads(client.text(bucket, f"{job['Report']['Prefix']}/job-{job['JobId']}/manifest.json"))
    return "".join(client.text(result["Bucket"], result["Key"]) for result in manifest["Results"])


def job_that_is(client, status, job_id):
    """The job once it has the status."""
    deadline = time.monotonic() + LONGEST_JOB_SECONDS
    while True:
        job = client.call("s3control", "DescribeJob", {**ACCOUNT, "JobId": job_id})["Job"]
        if job["Status"] == status:
            return job
        if "TerminationDate" in job or time.monotonic() > deadline:
            raise Mismatch(f"the job is {job['Status']}, not {status}: {job.get('FailureReasons')}")
        time.sleep(0.05)


def suspended(client, request, **members):
    job_id = client.call("s3control", "CreateJob", {**request, "ConfirmationRequired": True, **members})["JobId"]
    job_that_is(client, "Suspended", job_id)
    return job_id


def change_and_confirm(client, request):
    tags = [{"Key": "team", "Value": "zażółć"}]
    job = {**ACCOUNT, "JobId": suspended(client, request, Tags=tags)}
    expect(client.call("s3control", "GetJobTagging", job), {"Tags": tags})
    tags = [{"Key": "a/b", "Value": ""}]
    client.call("s3control", "PutJobTagging", {**job, "Tags": tags})
    expect(client.call("s3control", "GetJobTagging", job), {"Tags": tags})
    client.call("s3control", "DeleteJobTagging", job)
    expect(client.call("s3control", "GetJobTagging", job), {"Tags": []})

    answer = client.call("s3control", "UpdateJobPriority", {**job, "Priority": 2147483647})
    expect(answer, {"JobId": job["JobId"], "Priority": 2147483647})
    reason = 'checked <right> & "good" + fine'
    update = {**job, "RequestedJobStatus": "Ready", "StatusUpdateReason": reason}
    answer = client.call("s3control", "UpdateJobStatus", update)
    expect(answer, {"JobId": job["JobId"], "Status": "Ready", "StatusUpdateReason": reason})
    done = job_that_is(client, "Complete", job["JobId"])
    expect(done, {"Priority": 2147483647, "StatusUpdateReason": reason})


def list_in_pages(client, request):
    made = [suspended(client, request) for _ in range(2)]
    listed = []
    page = {**ACCOUNT, "JobStatuses": ["Suspended", "Paused"], "MaxResults": 1}
    while page:
        answer = client.call("s3control", "ListJobs", page)
        for job in answer["Jobs"]:
            expect(job, {"Status": "Suspended"})
            listed.append(job["JobId"])
        if len(answer["Jobs"]) > 1:
            raise Mismatch(f"a page of 1 has {len(answer['Jobs'])}")
        token = answer.get("NextToken")
        page = {**page, "NextToken": token} if token else None
    # Other clients list and make jobs at the same time.
    expect(sorted(job_id for job_id in listed if job_id in made), sorted(made))
    for job_id in made:
        update = {**ACCOUNT, "JobId": job_id, "RequestedJobStatus": "Cancelled"}
        expect(client.call("s3control", "UpdateJobStatus", update), {"Status": "Cancelled"})


def be_refused(client, request):
    job = {**ACCOUNT, "JobId": suspended(client, request)}
    cancel = {**job, "RequestedJobStatus": "Cancelled"}
    client.call("s3control", "UpdateJobStatus", cancel)
    token = f"reused by {client.name}"
    client.call("s3control", "CreateJob", {**request, "ClientRequestToken": token})
    other = {**request, "ClientRequestToken": token, "Priority": 11}
    many_tags = [{"Key": f"key-{number}", "Value": ""} for number in range(51)]
    refusals = [
        ("IdempotencyException", "CreateJob", other),
        ("InvalidRequest", "CreateJob", {**request, "Operation": {}}),
        ("JobStatusException", "UpdateJobStatus", cancel),
        ("BadRequestException", "UpdateJobPriority", {**job, "Priority": 1}),
        ("TooManyTagsException", "PutJobTagging", {**job, "Tags": many_tags}),
        ("InvalidNextTokenException", "ListJobs", {**ACCOUNT, "NextToken": "bogus"}),
        ("InvalidRequestException", "ListJobs", {**ACCOUNT, "JobStatuses": ["Bogus"]}),
        ("NoSuchJob", "DescribeJob", {**ACCOUNT, "JobId": UNKNOWN_JOB}),
    ]
    for code, operation, parameters in refusals:
        try:
            answer = client.call("s3control", operation, parameters)
        except Refused as refused:
            expect(refused.code, code)
            if refused.is_modelled is not None:
                expect(refused.is_modelled, code.endswith("Exception"))
        else:
            raise Mismatch(f"{operation} was answered with {answer} instead of {code}")


def expect(found, wanted):
    """Of a structure at least the members that are wanted."""
    if not matches(plain_dates(found), plain_dates(wanted)):
        raise Mismatch(f"wanted {wanted}, found {found}")


def matches(found, wanted):
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            key in found and matches(found[key], member) for key, member in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(matches, found, wanted))
    return found == wanted


def plain_dates(value):
    """Dates of all clients as the same text."""
    if isinstance(value, dict):
        return {key: plain_dates(member) for key, member in value.items()}
    if isinstance(value, list):
        return [plain_dates(member) for member in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", value):
        return re.sub(r"(\.000)?Z$", "+00:00", value)
    return value
