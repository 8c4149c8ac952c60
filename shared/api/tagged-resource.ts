import { parseChannelArn } from "../channel/channel.ts";
import { changeChannels, namedChannel, readChannels } from "../channel/channels.ts";
import { AwsError } from "../error/aws-error.ts";
import type { Trail, TrailState } from "../trail/trail.ts";
import { changeTrails } from "./change-trails.ts";
import { requireOwner, type TrailActor } from "./find-trail.ts";
import type { OperationContext } from "./operation.ts";

type Tags = Readonly<Record<string, string>>;

/** The kinds of resources that have tags on AWS and cannot be made here yet. */
const ABSENT: Readonly<Record<string, string>> = {
  eventdatastore: "EventDataStoreNotFoundException",
};

/**
 * The tags of the trail or channel that a ResourceId names by its ARN.
 * @throws AwsError CloudTrailARNInvalidException, ResourceTypeNotSupportedException, ResourceNotFoundException,
 *   ChannelNotFoundException, EventDataStoreNotFoundException
 */
export async function tagsOf(context: OperationContext, resourceId: string): Promise<Tags> {
  const { caller } = context;
  if (resourceType(resourceId) === "channel") {
    return namedChannel(await readChannels(context, caller), resourceId, caller).tags;
  }
  return taggedTrail(await context.trails.read(caller.accountId), resourceId, caller).tags ?? {};
}

/** Changes the tags of a resource. @throws AwsError as `tagsOf` and `change` do */
export async function changeTags(
  context: OperationContext,
  resourceId: string,
  change: (tags: Tags) => Tags,
): Promise<void> {
  const { caller } = context;
  if (resourceType(resourceId) === "channel") {
    await changeChannels(context, caller, (channels) => {
      const tagged = namedChannel(channels, resourceId, caller);
      return channels.map((each) => (each === tagged ? { ...each, tags: change(each.tags) } : each));
    });
    return;
  }
  await changeTrails(context, resourceId, async (state, actor) => {
    const trail = taggedTrail(state, resourceId, actor);
    requireOwner(trail, actor);
    return { kind: "put", trail: { ...trail, tags: change(trail.tags ?? {}) } };
  });
}

/** @throws AwsError for what is no trail and no channel */
function resourceType(resourceId: string): "trail" | "channel" {
  const [, type] = /^arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:\d{12}:([a-z]+)\/.+$/.exec(resourceId) ?? [];
  if (type === undefined || (type === "channel" && !parseChannelArn(resourceId))) {
    throw new AwsError("CloudTrailARNInvalidException", `The ARN is not valid: ${resourceId.slice(0, 256)}`);
  }
  const absent = Object.hasOwn(ABSENT, type) ? ABSENT[type] : undefined;
  if (absent) throw new AwsError(absent, `There is no ${resourceId}.`);
  if (type !== "trail" && type !== "channel") {
    throw new AwsError("ResourceTypeNotSupportedException", `Resource type ${type} is not supported.`);
  }
  return type;
}

/** In any region that has the trail or its shadow. */
function taggedTrail(state: TrailState, arn: string, actor: TrailActor): Trail {
  const trail = state.trails.find(({ trailArn }) => trailArn === arn);
  if (!trail || (!trail.isMultiRegionTrail && trail.homeRegion !== actor.region)) {
    throw new AwsError("ResourceNotFoundException", `The resource was not found: ${arn.slice(0, 256)}`);
  }
  return trail;
}
