import { awsPartition } from "../arn/partition.ts";
import type { JsonObject } from "../event/json.ts";

const ROLE = "OpenTrailRemediation";
const KEY = new RegExp(`^${ROLE}(\\d{12})$`);

/** The access key id that remediations of an account sign with. It is how their own calls are told from others. */
export function remediationAccessKeyId(accountId: string): string {
  return `${ROLE}${accountId}`;
}

/** The account of a remediation's access key id; undefined for every other key. */
export function remediationAccount(accessKeyId: string): string | undefined {
  return KEY.exec(accessKeyId)?.[1];
}

/** Who remediations are in the records of their calls: a session of the role `OpenTrailRemediation`. */
export function remediationIdentity(accountId: string, region: string): JsonObject {
  const partition = awsPartition(region);
  const principalId = `AROAOPENTRAILREM${accountId.slice(0, 5)}`;
  return {
    type: "AssumedRole",
    principalId: `${principalId}:${ROLE}`,
    arn: `arn:${partition}:sts::${accountId}:assumed-role/${ROLE}/${ROLE}`,
    accountId,
    accessKeyId: remediationAccessKeyId(accountId),
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId,
        arn: `arn:${partition}:iam::${accountId}:role/${ROLE}`,
        accountId,
        userName: ROLE,
      },
      attributes: { mfaAuthenticated: "false" },
    },
  };
}
