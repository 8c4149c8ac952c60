import { isJsonObject, type JsonObject } from "../event/json.ts";
import { describedEvent } from "../event/record.ts";
import { isReadOnly } from "../selector/record-fields.ts";
import { eventResources } from "./event-resources.ts";
import { userNameOf } from "./user-name.ts";

/**
 * What events are found by: LookupEvents' eight attributes, in AWS's names, and two that only OpenTrail's own search
 * knows.
 */
export const ATTRIBUTE_NAMES = [
  "EventId",
  "EventName",
  "ReadOnly",
  "Username",
  "ResourceType",
  "ResourceName",
  "EventSource",
  "AccessKeyId",
  "ErrorCode",
  "SourceIPAddress",
] as const;

export type AttributeName = (typeof ATTRIBUTE_NAMES)[number];

/** A value of an event's attribute. An event has several resources, so several values of their attributes. */
export interface EventAttribute {
  readonly name: AttributeName;
  readonly value: string;
}

/** Everything that an event is found by. @param fields the record */
export function eventAttributes(fields: JsonObject): readonly EventAttribute[] {
  const subject = eventSubject(fields);
  const found: EventAttribute[] = [{ name: "ReadOnly", value: String(isReadOnly(subject)) }];
  addText(found, "EventId", fields.eventID);
  addText(found, "EventName", subject.eventName);
  addText(found, "EventSource", subject.eventSource);
  addText(found, "Username", userNameOf(subject.userIdentity));
  addText(found, "AccessKeyId", accessKeyOf(subject));
  addText(found, "ErrorCode", subject.errorCode);
  addText(found, "SourceIPAddress", subject.sourceIPAddress);
  for (const { type, name } of eventResources(subject)) {
    addText(found, "ResourceType", type);
    addText(found, "ResourceName", name);
  }
  return found;
}

/** The values of one attribute of an event. @param fields the record */
export function attributeValues(fields: JsonObject, name: AttributeName): readonly string[] {
  const subject = eventSubject(fields);
  switch (name) {
    case "EventId":
      return textList(fields.eventID);
    case "EventName":
      return textList(subject.eventName);
    case "EventSource":
      return textList(subject.eventSource);
    case "ReadOnly":
      return [String(isReadOnly(subject))];
    case "Username":
      return textList(userNameOf(subject.userIdentity));
    case "AccessKeyId":
      return textList(accessKeyOf(subject));
    case "ErrorCode":
      return textList(subject.errorCode);
    case "SourceIPAddress":
      return textList(subject.sourceIPAddress);
    case "ResourceType":
      return [...new Set(eventResources(subject).flatMap(({ type }) => textList(type)))];
    case "ResourceName":
      return [...new Set(eventResources(subject).flatMap((resource) => textList(resource.name)))];
  }
}

/** The members that tell of an event: an Insight's name and source are in insightDetails, an application's in eventData. */
export function eventSubject(fields: JsonObject): JsonObject {
  return isJsonObject(fields.insightDetails) ? fields.insightDetails : describedEvent(fields);
}

function accessKeyOf({ userIdentity }: JsonObject): unknown {
  return isJsonObject(userIdentity) ? userIdentity.accessKeyId : undefined;
}

function addText(found: EventAttribute[], name: AttributeName, value: unknown): void {
  if (typeof value === "string" && value !== "") {
    found.push({ name, value });
  }
}

function textList(value: unknown): readonly string[] {
  return typeof value === "string" && value !== "" ? [value] : [];
}
