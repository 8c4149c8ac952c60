import { AwsError } from "../../error/aws-error.ts";
import { defineOperation } from "../operation.ts";

/**
 * The keys of the caller's region that were valid at any time of the range; without a time, now. In one page.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html
 */
export const listPublicKeys = defineOperation(
  "ListPublicKeys",
  "read",
  async ({ StartTime, EndTime, NextToken }, { signingKeys, caller, clock }) => {
    if (NextToken !== undefined) throw new AwsError("InvalidTokenException", "The token is not valid.");
    const from = StartTime === undefined ? clock.now() : StartTime * 1000;
    const until = EndTime === undefined ? Math.max(clock.now(), from) : EndTime * 1000;
    if (from > until) {
      throw new AwsError("InvalidTimeRangeException", "The start time must not be after the end time.");
    }
    const keys = await signingKeys.list(caller.region, from, until);
    return {
      output: {
        PublicKeyList: keys.map(({ publicKey, validFrom, validUntil, fingerprint }) => ({
          Value: publicKey.toString("base64"),
          ValidityStartTime: validFrom / 1000,
          ValidityEndTime: validUntil / 1000,
          Fingerprint: fingerprint,
        })),
      },
    };
  },
);
