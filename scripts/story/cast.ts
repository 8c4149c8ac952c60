import type { JsonObject } from "../../shared/event/json.ts";
import type { Actor } from "./record.ts";

/** The shop's production account, where the story begins. */
export const SHOP = "111122223333";
/** The account that holds the shop's backups. */
export const BACKUP = "444455556666";
/** The intruder's own account. */
export const INTRUDER_ACCOUNT = "123456789012";

/** Regions that the shop uses, and those that only the intruder looks into. */
export const HOME = "us-east-1";
export const EUROPE = "eu-west-1";
export const UNUSED_REGIONS = ["us-west-2", "eu-central-1", "ap-southeast-2", "sa-east-1"] as const;

const OFFICE = "198.51.100.25";
const PIPELINE_RUNNER = "198.51.100.80";
const INTRUDER = "203.0.113.77";
const INTRUDER_LATER = "203.0.113.140";

const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

function user(userName: string, principalId: string, accessKeyId?: string): JsonObject {
  return {
    type: "IAMUser",
    principalId,
    arn: `arn:aws:iam::${SHOP}:user/${userName}`,
    accountId: SHOP,
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
    userName,
  };
}

interface RoleSession {
  readonly account: string;
  readonly roleName: string;
  readonly roleId: string;
  readonly sessionName: string;
  readonly accessKeyId: string;
  readonly since: string;
  readonly mfa?: boolean;
  readonly invokedBy?: string;
}

function roleSession(session: RoleSession): JsonObject {
  const { account, roleName, roleId, sessionName } = session;
  return {
    type: "AssumedRole",
    principalId: `${roleId}:${sessionName}`,
    arn: `arn:aws:sts::${account}:assumed-role/${roleName}/${sessionName}`,
    accountId: account,
    accessKeyId: session.accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: roleId,
        arn: `arn:aws:iam::${account}:role/${roleName}`,
        accountId: account,
        userName: roleName,
      },
      attributes: { creationDate: session.since, mfaAuthenticated: session.mfa ? "true" : "false" },
    },
    ...(session.invokedBy === undefined ? {} : { invokedBy: session.invokedBy }),
  };
}

/** A service that acts by itself. */
export function service(name: string): Actor {
  const host = `${name}.amazonaws.com`;
  return {
    userIdentity: { type: "AWSService", invokedBy: host },
    sourceIPAddress: host,
    userAgent: host,
    isService: true,
  };
}

export const LEAKED_KEY = "AKIAIOSFODNN7EXAMPLE";
export const BACKDOOR_KEY = "AKIAI44QH8DHBEXAMPLE";
export const BACKDOOR_USER = "svc-backup-sync";

const ciUser = user("ci-deployer", "AIDACKCEVSQ6C2EXAMPLE", LEAKED_KEY);

/** The pipeline, with the key that is going to leak. */
export const pipeline: Actor = {
  userIdentity: ciUser,
  sourceIPAddress: PIPELINE_RUNNER,
  userAgent: "aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux#6.8 md/arch#x86_64 lang/python#3.13.7",
};

/** The intruder with the pipeline's key. */
export const intruder: Actor = {
  userIdentity: ciUser,
  sourceIPAddress: INTRUDER,
  userAgent: "Boto3/1.40.45 md/Botocore#1.40.45 ua/2.1 os/linux#6.12 md/arch#x86_64 lang/python#3.12.3",
};

/** The intruder with the key of the user that they made. */
export const backdoor: Actor = {
  ...intruder,
  userIdentity: user(BACKDOOR_USER, "AIDAIBACKDOORUSEREXAMPLE", BACKDOOR_KEY),
};

/** The intruder as administrator of deployments in the production account. */
export const deployAdmin: Actor = {
  ...intruder,
  userIdentity: roleSession({
    account: SHOP,
    roleName: "deploy-admin",
    roleId: "AROADEPLOYADMINROLEEXAMPLE",
    sessionName: "sync",
    accessKeyId: "ASIADEPLOYADMINEXAMPLE",
    since: "2026-02-11T02:52:31Z",
  }),
};

/** The intruder in the backup account. */
export const backupOperator: Actor = {
  ...intruder,
  userIdentity: roleSession({
    account: BACKUP,
    roleName: "backup-operator",
    roleId: "AROABACKUPOPERATOREXAMPLE",
    sessionName: "sync",
    accessKeyId: "ASIABACKUPOPERATEXAMPLE",
    since: "2026-02-11T02:53:20Z",
  }),
};

/** The intruder at the sign-in page: no key yet. */
export const backdoorAtSignIn: Actor = {
  userIdentity: user(BACKDOOR_USER, "AIDAIBACKDOORUSEREXAMPLE"),
  sourceIPAddress: INTRUDER_LATER,
  userAgent: BROWSER,
};

/** The intruder in the console. */
export const backdoorInConsole: Actor = {
  ...backdoorAtSignIn,
  userIdentity: {
    ...user(BACKDOOR_USER, "AIDAIBACKDOORUSEREXAMPLE", "ASIACONSOLESESSIONEXAMPLE"),
    sessionContext: { attributes: { creationDate: "2026-02-11T04:07:12Z", mfaAuthenticated: "false" } },
  },
  fromConsole: true,
};

/** Nikki, who runs the shop's platform, at the sign-in page. */
export const nikkiAtSignIn: Actor = {
  userIdentity: user("nikki", "AIDANIKKIUSEREXAMPLE"),
  sourceIPAddress: OFFICE,
  userAgent: BROWSER,
};

/** Nikki in the console, with a second factor. */
export const nikki: Actor = {
  ...nikkiAtSignIn,
  userIdentity: {
    ...user("nikki", "AIDANIKKIUSEREXAMPLE", "ASIANIKKICONSOLEEXAMPLE"),
    sessionContext: { attributes: { creationDate: "2026-02-11T01:31:04Z", mfaAuthenticated: "true" } },
  },
  fromConsole: true,
};

/** The Lambda function that takes orders, as its role. */
export const orderFunction: Actor = {
  userIdentity: roleSession({
    account: SHOP,
    roleName: "take-order",
    roleId: "AROATAKEORDERROLEEXAMPLE",
    sessionName: "take-order",
    accessKeyId: "ASIATAKEORDERFNEXAMPLE",
    since: "2026-02-11T01:33:40Z",
  }),
  sourceIPAddress: "198.51.100.201",
  userAgent:
    "aws-sdk-js/3.1100.0 ua/2.1 os/linux#5.10 lang/js md/nodejs#24.11.0 exec-env/AWS_Lambda_nodejs24.x",
};
