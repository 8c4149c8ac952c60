"""Looks up events with boto3 in each way that LookupEvents has, and prints what it met as one JSON object."""

import datetime
import json
import sys
import time

import boto3
from botocore.exceptions import ClientError

cloudtrail = boto3.client("cloudtrail")
expected = json.loads(sys.argv[1])
met = {}


def names(**query):
    pages = cloudtrail.get_paginator("lookup_events").paginate(**query, PaginationConfig={"PageSize": 2})
    return [event["EventName"] for page in pages for event in page["Events"]]


def by(key, value):
    return {"LookupAttributes": [{"AttributeKey": key, "AttributeValue": value}]}


def code(**query):
    try:
        cloudtrail.lookup_events(**query)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "none"


for _ in range(100):
    if len(names(**by("Username", "lookup-user"))) == expected["total"]:
        break
    time.sleep(0.1)

met["by"] = {key: names(**by(key, value)) for key, value in expected["attributes"].items()}
met["newest first"] = names(**by("Username", "lookup-user"))

now = datetime.datetime.now(datetime.timezone.utc)
hour = datetime.timedelta(hours=1)
met["in the last hour"] = len(names(**by("Username", "lookup-user"), StartTime=now - hour, EndTime=now + hour))
met["an hour before that"] = len(names(**by("Username", "lookup-user"), StartTime=now - 2 * hour, EndTime=now - hour))
met["reversed"] = code(StartTime=now, EndTime=now - hour)

first = cloudtrail.lookup_events(**by("Username", "lookup-user"), MaxResults=1)
met["foreign token"] = code(**by("EventName", "RunInstances"), NextToken=first["NextToken"])
met["other size"] = code(**by("Username", "lookup-user"), MaxResults=3, NextToken=first["NextToken"])
elsewhere = boto3.client("cloudtrail", region_name="eu-west-1")
try:
    elsewhere.lookup_events(**by("Username", "lookup-user"), NextToken=first["NextToken"])
except elsewhere.exceptions.InvalidNextTokenException:
    met["token of another region"] = "InvalidNextTokenException"
met["too many"] = code(MaxResults=51)
met["two attributes"] = code(
    LookupAttributes=by("EventName", "a")["LookupAttributes"] + by("EventId", "b")["LookupAttributes"]
)

event = first["Events"][0]
met["event"] = {
    "keys": sorted(event),
    "timeIsDate": event["EventTime"].tzinfo is not None,
    "isRecord": json.loads(event["CloudTrailEvent"])["eventID"] == event["EventId"],
    "Resources": event["Resources"],
    "ReadOnly": event["ReadOnly"],
}
print(json.dumps(met))
