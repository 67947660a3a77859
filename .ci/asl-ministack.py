"""Runs the scenarios on ministack's interpreter of state machines, and prints what asl-here.ts prints."""

import json
import re
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from ministack.services import stepfunctions

here = Path(__file__).parent
script = json.loads((here / "asl-scenarios.json").read_text())


def definition():
    text = (here / "../statemachines/job.asl.json").read_text().replace("${PublishResource}", "arn:aws:states:::sns:publish")
    return re.sub(r"\$\{(\w+?)(?:FunctionArn|Arn)\}", r"arn:aws:lambda:us-east-1:000000000000:function:\1", text)


class Scenario:
    """Answers the calls of one run, one after the other, on a clock that moves when somebody waits."""

    def __init__(self, calls):
        self.now = datetime(2026, 1, 1, tzinfo=timezone.utc)
        self.published = []
        self.calls = {to: [what for call in listed for what in repeated(call)] for to, listed in calls.items()}

    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)

    def time(self):
        return self.now.strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def invoke(self, resource, arguments):
        to = "Publish" if resource.endswith("sns:publish") else resource.split(":")[-1]
        calls = self.calls.get(to, ["published"] if to == "Publish" else [])
        if not calls:
            raise stepfunctions._ExecutionError("States.Runtime", f"the scenario has no more calls of {to}")
        call = calls.pop(0)
        if call.startswith("! "):
            raise failure(to, call[2:])
        if to == "Publish":
            self.published.append({**arguments, "Message": json.loads(arguments["Message"])})
        return script["answers"][call]


def repeated(call):
    """`answer` or `! Error`, either with `* times`."""
    what, _, times = call.partition(" * ")
    return [what] * int(times or 1)


def failure(to, name):
    payload = json.dumps({"errorType": name, "errorMessage": "on demand"}, separators=(",", ":"))
    return stepfunctions._ExecutionError(name, "on demand" if to == "Publish" else payload)


def text_of(value):
    return json.dumps(without_times(value), sort_keys=True, separators=(",", ":"))


def without_times(value):
    if isinstance(value, list):
        return [without_times(element) for element in value]
    if isinstance(value, dict):
        return {
            name: without_times(member)
            for name, member in value.items()
            if name not in ("time", "noticedAt", "TopicArn")
        }
    return value


def run(name, calls, machine):
    scenario = Scenario(calls)
    stepfunctions._invoke_resource = scenario.invoke
    stepfunctions._scaled_sleep = scenario.wait
    stepfunctions.now_iso = scenario.time
    status, _, body = stepfunctions._start_execution({"stateMachineArn": machine, "input": json.dumps(script["input"])})
    if status != 200:
        raise SystemExit(f"{name}: {body}")
    execution = stepfunctions._executions[json.loads(body)["executionArn"]]
    while execution["stopDate"] is None:
        time.sleep(0.01)
    print(f"== {name}")
    for event in execution["events"]:
        if "stateEnteredEventDetails" in event:
            print(event["stateEnteredEventDetails"]["name"])
    for notice in scenario.published:
        print("published", text_of(notice))
    print(execution["status"], execution.get("error") or text_of(json.loads(execution["output"])))


def main():
    status, _, body = stepfunctions._create_state_machine(
        {"name": "job", "definition": definition(), "roleArn": "arn:aws:iam::000000000000:role/states"}
    )
    if status != 200:
        raise SystemExit(f"ministack does not take the definition: {body}")
    machine = json.loads(body)["stateMachineArn"]
    for name, calls in script["scenarios"].items():
        run(name, calls, machine)


main()
