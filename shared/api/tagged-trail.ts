import type { Trail, TrailState } from "../trail/trail.ts";
import { AwsError } from "./aws-error.ts";
import type { Caller } from "./http.ts";

/** The kinds of resources that have tags on AWS and cannot be made here yet. */
const ABSENT: Readonly<Record<string, string>> = {
  eventdatastore: "EventDataStoreNotFoundException",
  channel: "ChannelNotFoundException",
};

/**
 * The trail that a ResourceId of the tag operations names: its ARN, in any region that has the trail or its shadow.
 * @throws AwsError CloudTrailARNInvalidException, ResourceTypeNotSupportedException, ResourceNotFoundException
 */
export function taggedTrail(state: TrailState, resourceId: string, caller: Caller): Trail {
  const [, type, name] =
    /^arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:\d{12}:([a-z]+)\/(.+)$/.exec(resourceId) ?? [];
  if (type === undefined || name === undefined) {
    throw new AwsError("CloudTrailARNInvalidException", `The ARN is not valid: ${resourceId.slice(0, 256)}`);
  }
  const absent = Object.hasOwn(ABSENT, type) ? ABSENT[type] : undefined;
  if (absent) throw new AwsError(absent, `There is no ${resourceId}.`);
  if (type !== "trail") {
    throw new AwsError("ResourceTypeNotSupportedException", `Resource type ${type} is not supported.`);
  }
  const trail = state.trails.find(({ trailArn }) => trailArn === resourceId);
  if (!trail || (!trail.isMultiRegionTrail && trail.homeRegion !== caller.region)) {
    throw new AwsError(
      "ResourceNotFoundException",
      `The resource was not found: ${resourceId.slice(0, 256)}`,
    );
  }
  return trail;
}
