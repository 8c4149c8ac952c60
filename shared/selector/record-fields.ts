import type { JsonObject } from "../event/json.ts";

/** A resource that an event names, as far as selectors look at it. */
export interface EventResource {
  readonly type: string | undefined;
  /** Its ARN, or the prefix of ARNs that a listing of objects names in place of one. */
  readonly arn: string | undefined;
}

/** The resource type of the data events of a service, for records that list no resource. */
const TYPE_BY_SOURCE: Readonly<Record<string, string>> = {
  "s3.amazonaws.com": "AWS::S3::Object",
  "lambda.amazonaws.com": "AWS::Lambda::Function",
  "dynamodb.amazonaws.com": "AWS::DynamoDB::Table",
};

/** Whether an event only reads: `readOnly` is true or "true". Absent counts as false. */
export function isReadOnly(event: JsonObject): boolean {
  return event.readOnly === true || event.readOnly === "true";
}

/**
 * The resources that an event names. An event that lists none counts as one on a resource without an ARN, of
 * the type that its service's data events are about, so that selectors of all resources of that type take it.
 * @param event the members that `describedEvent` gives
 */
export function resourcesOf(event: JsonObject): readonly EventResource[] {
  const { resources } = event;
  if (!Array.isArray(resources) || resources.length === 0) {
    const source = textOf(event.eventSource) ?? "";
    const type = Object.hasOwn(TYPE_BY_SOURCE, source) ? TYPE_BY_SOURCE[source] : undefined;
    return [{ type, arn: undefined }];
  }
  return resources.map(readResource);
}

function readResource(resource: JsonObject | null): EventResource {
  return {
    type: textOf(resource?.type),
    arn: textOf(resource?.ARN) ?? textOf(resource?.arn) ?? textOf(resource?.ARNPrefix),
  };
}

/**
 * The text of a field that an advanced field selector names, or undefined if the event has no such text.
 * `readOnly` and `sessionCredentialFromConsole` are "false" where the event does not have them. The fields
 * `eventCategory` and `resources.*` are not read here.
 * @param event the members that `describedEvent` gives
 */
export function fieldText(event: JsonObject, field: string): string | undefined {
  switch (field) {
    case "readOnly":
      return String(isReadOnly(event));
    case "sessionCredentialFromConsole":
      return String(event.sessionCredentialFromConsole ?? false);
    case "userIdentity.arn":
      return textOf((event.userIdentity as JsonObject | null | undefined)?.arn);
    default:
      return textOf(event[field]);
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
