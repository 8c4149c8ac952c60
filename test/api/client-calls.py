"""Makes calls with boto3 or with the AWS CLI, and prints what comes of each as a JSON list.

    python client-calls.py boto3|aws calls.json

`calls.json` is a list of {"operation", "input", "accountId", "region"}. What is printed of a call is {"answer"}, or {"error"}:
boto3 names an error by its class, the CLI by the code in its message.
"""

import base64
import contextlib
import functools
import io
import json
import os
import re
import sys

import boto3
import botocore.exceptions
from awscli.clidriver import create_clidriver
from botocore import xform_name
from botocore.config import Config


@functools.cache
def client(account_id, region):
    # What is wrong with a call is for the server to say.
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    return boto3.client(
        "cloudtrail",
        region_name=region,
        aws_access_key_id=account_id,
        aws_secret_access_key="test",
        config=config,
    )


def call_with_boto3(call):
    method = getattr(client(call["accountId"], call["region"]), xform_name(call["operation"]))
    try:
        answer = method(**call["input"])
    except botocore.exceptions.ClientError as error:
        return {"error": type(error).__name__}
    del answer["ResponseMetadata"]
    return {"answer": answer}


@functools.cache
def driver(account_id):
    os.environ["AWS_ACCESS_KEY_ID"] = account_id
    return create_clidriver()


def call_with_cli(call):
    printed = io.StringIO()
    complaint = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(complaint):
        exit_code = driver(call["accountId"]).main(
            [
                "--region",
                call["region"],
                "cloudtrail",
                xform_name(call["operation"], "-"),
                "--cli-input-json",
                json.dumps(call["input"]),
            ]
        )
    if exit_code == 0:
        return {"answer": json.loads(printed.getvalue() or "{}")}
    found = re.search(r"An error occurred \((\w+)\)", complaint.getvalue())
    return {"error": found[1] if found else complaint.getvalue()}


def as_text(value):
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value.isoformat()


make = {"boto3": call_with_boto3, "aws": call_with_cli}[sys.argv[1]]
with open(sys.argv[2], encoding="utf-8") as calls:
    print(json.dumps([make(call) for call in json.load(calls)], default=as_text))
