import { denied, iam, look } from "../calls.ts";
import { BACKDOOR_KEY, BACKDOOR_USER, backdoor, HOME, intruder, SHOP } from "../cast.ts";
import type { Chapter } from "../record.ts";

const USER_ARN = `arn:aws:iam::${SHOP}:user/${BACKDOOR_USER}`;
const POLICY_NAME = "sync";

const ASSUME_ANY_ROLE = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: ["sts:AssumeRole", "iam:List*", "iam:Get*"], Resource: "*" }],
});

/** The key may create users, since the pipeline makes service accounts: the intruder makes one that stays. */
export const foothold: Chapter = {
  name: "3-foothold",
  begins: "2026-02-11T02:41:50Z",
  calls: [
    iam(0, intruder, "CreateAccessKey", {
      request: { userName: "nikki" },
      ...denied(intruder, "iam:CreateAccessKey", `arn:aws:iam::${SHOP}:user/nikki`),
    }),
    iam(14, intruder, "CreateUser", {
      request: { path: "/", userName: BACKDOOR_USER, tags: [{ key: "team", value: "platform" }] },
      response: {
        user: {
          path: "/",
          userName: BACKDOOR_USER,
          userId: "AIDAIBACKDOORUSEREXAMPLE",
          arn: USER_ARN,
          createDate: "Feb 11, 2026, 2:42:04 AM",
          tags: [{ key: "team", value: "platform" }],
        },
      },
    }),
    iam(3, intruder, "AttachUserPolicy", {
      request: { userName: BACKDOOR_USER, policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
      ...denied(intruder, "iam:AttachUserPolicy", USER_ARN),
    }),
    iam(5, intruder, "PutUserPolicy", {
      request: { userName: BACKDOOR_USER, policyName: POLICY_NAME, policyDocument: ASSUME_ANY_ROLE },
    }),
    iam(2, intruder, "CreateAccessKey", {
      request: { userName: BACKDOOR_USER },
      response: {
        accessKey: {
          userName: BACKDOOR_USER,
          accessKeyId: BACKDOOR_KEY,
          status: "Active",
          createDate: "Feb 11, 2026, 2:42:14 AM",
        },
      },
    }),
    iam(4, intruder, "CreateLoginProfile", {
      request: { userName: BACKDOOR_USER, passwordResetRequired: false },
      response: {
        loginProfile: {
          userName: BACKDOOR_USER,
          createDate: "Feb 11, 2026, 2:42:18 AM",
          passwordResetRequired: false,
        },
      },
    }),
    look(31, backdoor, HOME, "sts", "GetCallerIdentity"),
    iam(2, backdoor, "ListUsers", { readOnly: true }),
    iam(1, backdoor, "ListRoles", { readOnly: true }),
    iam(1, backdoor, "ListGroups", { readOnly: true }),
    iam(7, backdoor, "GetRole", { readOnly: true, request: { roleName: "deploy-admin" } }),
    iam(1, backdoor, "ListAttachedRolePolicies", { readOnly: true, request: { roleName: "deploy-admin" } }),
    iam(2, backdoor, "GetRole", { readOnly: true, request: { roleName: "shop-web" } }),
  ],
};
