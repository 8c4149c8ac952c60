"""Calls OpenTrail as a script with boto3 would, and prints what it met as one JSON object."""

import hashlib
import base64
import json
import time

import boto3

cloudtrail = boto3.client("cloudtrail")
met = {}

boto3.client("s3").create_bucket(Bucket="boto3-logs")
trail = cloudtrail.create_trail(Name="boto3", S3BucketName="boto3-logs", IsMultiRegionTrail=True)
cloudtrail.start_logging(Name="boto3")
met["trail"] = trail["TrailARN"]

status = cloudtrail.get_trail_status(Name="boto3")
met["isLogging"] = status["IsLogging"]
met["startedIsTime"] = status["StartLoggingTime"].tzinfo is not None

try:
    cloudtrail.get_trail(Name="nobody")
except cloudtrail.exceptions.TrailNotFoundException as error:
    met["unknown"] = error.response["Error"]

try:
    cloudtrail.get_insight_selectors(TrailName="boto3")
except cloudtrail.exceptions.InsightNotEnabledException as error:
    met["noInsights"] = error.response["Error"]["Message"]

channel = cloudtrail.create_channel(
    Name="boto3",
    Source="Custom",
    Destinations=[
        {
            "Type": "EVENT_DATA_STORE",
            "Location": "arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/none",
        }
    ],
)
event = json.dumps(
    {
        "version": "1.0",
        "userIdentity": {"type": "User", "principalId": "alice"},
        "eventSource": "shop.example.com",
        "eventName": "RefundOrder",
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "UID": "order-1",
    }
)
entry = {
    "id": "1",
    "eventData": event,
    "eventDataChecksum": base64.b64encode(hashlib.sha256(event.encode()).digest()).decode(),
}
data = boto3.client("cloudtrail-data")
put = data.put_audit_events(channelArn=channel["ChannelArn"], auditEvents=[entry])
met["put"] = [len(put["successful"]), len(put["failed"])]
cloudtrail.delete_channel(Channel=channel["ChannelArn"])
try:
    data.put_audit_events(channelArn=channel["ChannelArn"], auditEvents=[entry])
except data.exceptions.ChannelNotFound as error:
    met["noChannel"] = error.response["Error"]["Code"]

pages = cloudtrail.get_paginator("lookup_events").paginate(
    LookupAttributes=[{"AttributeKey": "EventSource", "AttributeValue": "cloudtrail.amazonaws.com"}],
    PaginationConfig={"PageSize": 2},
)
for _ in range(50):
    met["looked up"] = sorted({event["EventName"] for page in pages for event in page["Events"]})
    if "DeleteChannel" in met["looked up"]:
        break
    time.sleep(0.1)

met["trails"] = [each["Name"] for page in cloudtrail.get_paginator("list_trails").paginate() for each in page["Trails"]]
print(json.dumps(met))
