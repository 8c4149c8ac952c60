import { type AttributeName, attributeValues, eventSubject } from "./event-attributes.ts";
import { eventResources } from "./event-resources.ts";
import type { FoundEvent } from "./query.ts";

/** An event as LookupEvents answers it. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Event.html */
export interface LookupEvent {
  readonly EventId?: string;
  readonly EventName?: string;
  /** `true` or `false`; Insights events have none. */
  readonly ReadOnly?: string;
  readonly AccessKeyId?: string;
  /** Seconds since the epoch. */
  readonly EventTime: number;
  readonly EventSource?: string;
  readonly Username?: string;
  readonly Resources: readonly { readonly ResourceType?: string; readonly ResourceName: string }[];
  /** The record as it came. */
  readonly CloudTrailEvent: string;
}

/** Reads the members of LookupEvents' answer off a record. */
export function lookupEvent({ time, text, fields }: FoundEvent): LookupEvent {
  const member = <Name extends AttributeName>(name: Name): { readonly [key in Name]?: string } => {
    const [value] = attributeValues(fields, name);
    return (value === undefined ? {} : { [name]: value }) as { readonly [key in Name]?: string };
  };
  return {
    ...member("EventId"),
    ...member("EventName"),
    ...(fields.insightDetails === undefined && member("ReadOnly")),
    ...member("AccessKeyId"),
    EventTime: time / 1000,
    ...member("EventSource"),
    ...member("Username"),
    Resources: eventResources(eventSubject(fields)).map(({ type, name }) => ({
      ...(type !== undefined && { ResourceType: type }),
      ResourceName: name,
    })),
    CloudTrailEvent: text.toString("utf8"),
  };
}
