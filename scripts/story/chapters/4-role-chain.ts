import { change, denied, iam, look, role } from "../calls.ts";
import { BACKUP, backdoor, backupOperator, deployAdmin, HOME, SHOP } from "../cast.ts";
import { type Actor, type Call, type Chapter, uuidOf } from "../record.ts";

function roleArn(account: string, name: string): string {
  return `arn:aws:iam::${account}:role/${name}`;
}

function refused(after: number, name: string): Call {
  return look(after, backdoor, HOME, "sts", "AssumeRole", {
    ...denied(backdoor, "sts:AssumeRole", roleArn(SHOP, name)),
  });
}

function assumed(
  after: number,
  by: Actor,
  account: string,
  name: string,
  session: Actor,
  rest: Partial<Call> = {},
): Call {
  const { accessKeyId, principalId, arn } = session.userIdentity;
  return {
    ...look(after, by, HOME, "sts", "AssumeRole", {
      request: { roleArn: roleArn(account, name), roleSessionName: "sync", durationSeconds: 3_600 },
      response: {
        credentials: {
          accessKeyId: accessKeyId ?? null,
          sessionToken: "EXAMPLE",
          expiration: "Feb 11, 2026, 3:53:20 AM",
        },
        assumedRoleUser: { assumedRoleId: principalId ?? null, arn: arn ?? null },
      },
      resources: [role(account, name)],
    }),
    ...rest,
  };
}

const crossAccount = uuidOf("shared event of the role in the backup account");

/** From the new user to a role that may change everything, and on into the backup account. */
export const roleChain: Chapter = {
  name: "4-role-chain",
  begins: "2026-02-11T02:52:10Z",
  calls: [
    refused(0, "OrganizationAccountAccessRole"),
    refused(6, "break-glass"),
    refused(5, "shop-web"),
    assumed(10, backdoor, SHOP, "deploy-admin", deployAdmin),
    look(2, deployAdmin, HOME, "sts", "GetCallerIdentity"),
    iam(5, deployAdmin, "GetAccountAuthorizationDetails", { readOnly: true }),
    iam(9, deployAdmin, "UpdateAssumeRolePolicy", {
      request: {
        roleName: "shop-web",
        policyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
            {
              Effect: "Allow",
              Principal: { AWS: "arn:aws:iam::123456789012:root" },
              Action: "sts:AssumeRole",
            },
          ],
        }),
      },
    }),
    assumed(33, deployAdmin, BACKUP, "backup-operator", backupOperator, { sharedEventID: crossAccount }),
    // The account that owns the role gets an event of its own, with the same sharedEventID.
    assumed(0, deployAdmin, BACKUP, "backup-operator", backupOperator, {
      sharedEventID: crossAccount,
      account: BACKUP,
    }),
    look(3, backupOperator, HOME, "sts", "GetCallerIdentity", { account: BACKUP }),
    change(4, backupOperator, HOME, "iam", "ListAccountAliases", { account: BACKUP, readOnly: true }),
  ],
};
