import type { Template } from "./serverless.ts";

/** How the sources of events begin that stand for AWS's own on an emulator. */
const EMULATED = "emulated.aws.";

/** What the queue gets of an event: the event, from a source that is AWS's. */
const AS_OF_AWS = {
  InputPathsMap: {
    id: "$.id",
    type: "$.detail-type",
    account: "$.account",
    time: "$.time",
    region: "$.region",
    detail: "$.detail",
  },
  InputTemplate:
    '{"version":"0","id":"<id>","detail-type":"<type>","source":"aws.emulated","account":"<account>",' +
    '"time":"<time>","region":"<region>","resources":[],"detail":<detail>}',
};

/**
 * Has the rule on the default bus take events that stand for AWS's own: emulators, as AWS does, refuse to let anybody
 * send events whose source begins with `aws.`, and have no CloudTrail that would.
 */
export function takeEmulatedEvents({ Resources }: Template): void {
  const rule = Resources.ActivityEventsRule?.Properties;
  if (rule === undefined) return;
  rule.EventPattern = { ...(rule.EventPattern as object), source: [{ prefix: EMULATED }] };
  rule.Targets = (rule.Targets as readonly object[]).map((target) => ({
    ...target,
    InputTransformer: AS_OF_AWS,
  }));
}
