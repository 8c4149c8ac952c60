import { visibleTrail } from "../find-trail.ts";
import { defineOperation } from "../operation.ts";

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html */
export const getTrailStatus = defineOperation("GetTrailStatus", "read", async ({ Name }, context) => {
  const { trails, deliveryStatus, caller } = context;
  const trail = visibleTrail(await trails.read(caller.accountId), Name, caller);
  const { s3, sns, "cloudwatch-logs": logs, digest } = await deliveryStatus.read(trail.trailArn);
  return {
    output: {
      IsLogging: trail.isLogging,
      LatestDeliveryError: s3?.latestError,
      LatestDeliveryTime: epochSeconds(s3?.latestSuccessAt),
      // What went wrong with the topic that a trail had before is over with it.
      LatestNotificationError:
        (sns?.latestAttemptAt ?? 0) >= (trail.snsTopicSince ?? 0) ? sns?.latestError : undefined,
      LatestNotificationTime: epochSeconds(sns?.latestSuccessAt),
      StartLoggingTime: epochSeconds(trail.startLoggingTime),
      StopLoggingTime: epochSeconds(trail.stopLoggingTime),
      LatestCloudWatchLogsDeliveryError: logs?.latestError,
      LatestCloudWatchLogsDeliveryTime: epochSeconds(logs?.latestSuccessAt),
      LatestDigestDeliveryError: digest?.latestError,
      LatestDigestDeliveryTime: epochSeconds(digest?.latestSuccessAt),
      // The members from here on are "no longer in use"; AWS fills them all the same, with empty strings for never.
      LatestDeliveryAttemptTime: isoTime(s3?.latestAttemptAt),
      LatestNotificationAttemptTime: isoTime(sns?.latestAttemptAt),
      LatestNotificationAttemptSucceeded: isoTime(sns?.latestSuccessAt),
      LatestDeliveryAttemptSucceeded: isoTime(s3?.latestSuccessAt),
      TimeLoggingStarted: isoTime(trail.startLoggingTime),
      TimeLoggingStopped: isoTime(trail.stopLoggingTime),
    },
  };
});

function epochSeconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

function isoTime(milliseconds: number | undefined): string {
  return milliseconds === undefined ? "" : new Date(milliseconds).toISOString().replace(/\.\d{3}/, "");
}
