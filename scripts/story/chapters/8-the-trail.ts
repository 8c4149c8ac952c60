import type { JsonObject } from "../../../shared/event/json.ts";
import { change, forbidden, look } from "../calls.ts";
import { backdoorInConsole, deployAdmin, HOME, nikki, SHOP } from "../cast.ts";
import type { Actor, Call, Chapter } from "../record.ts";

const TRAIL = "shop-trail";
const TRAIL_ARN = `arn:aws:cloudtrail:${HOME}:${SHOP}:trail/${TRAIL}`;

function refused(after: number, by: Actor, name: string, request: JsonObject): Call {
  return change(after, by, HOME, "cloudtrail", name, {
    request,
    ...forbidden(by, `cloudtrail:${name}`, TRAIL_ARN),
  });
}

/**
 * Last, the intruder turns to the trail. A service control policy forbids it, so far: what happens when somebody
 * gets past that is for the demo to show.
 */
export const theTrail: Chapter = {
  name: "8-the-trail",
  begins: "2026-02-11T04:11:05Z",
  calls: [
    look(0, backdoorInConsole, HOME, "cloudtrail", "DescribeTrails", {
      request: { includeShadowTrails: true, trailNameList: [] },
    }),
    look(1, backdoorInConsole, HOME, "cloudtrail", "GetTrailStatus", { request: { name: TRAIL_ARN } }),
    look(2, backdoorInConsole, HOME, "cloudtrail", "GetEventSelectors", {
      request: { trailName: TRAIL_ARN },
    }),
    refused(21, backdoorInConsole, "StopLogging", { name: TRAIL_ARN }),
    refused(48, deployAdmin, "StopLogging", { name: TRAIL }),
    refused(4, deployAdmin, "DeleteTrail", { name: TRAIL }),
    refused(5, deployAdmin, "UpdateTrail", { name: TRAIL, isMultiRegionTrail: false }),
    refused(4, deployAdmin, "PutEventSelectors", {
      trailName: TRAIL,
      eventSelectors: [
        {
          readWriteType: "ReadOnly",
          includeManagementEvents: true,
          dataResources: [],
          excludeManagementEventSources: ["kms.amazonaws.com"],
        },
      ],
    }),
    look(40, nikki, HOME, "cloudtrail", "LookupEvents", {
      request: {
        maxResults: 50,
        lookupAttributes: [{ attributeKey: "Username", attributeValue: "svc-backup-sync" }],
      },
    }),
  ],
};
