import type { JsonObject } from "../../../shared/event/json.ts";
import { change, iam, look } from "../calls.ts";
import { BACKDOOR_USER, backdoorAtSignIn, backdoorInConsole, HOME } from "../cast.ts";
import type { Call, Chapter } from "../record.ts";

const SIGN_IN: JsonObject = {
  LoginTo: "https://console.aws.amazon.com/console/home",
  MobileVersion: "No",
  MFAUsed: "No",
};

function failedSignIn(after: number): Call {
  return {
    ...change(after, backdoorAtSignIn, HOME, "signin", "ConsoleLogin", {
      eventType: "AwsConsoleSignIn",
      additional: SIGN_IN,
    }),
    response: { ConsoleLogin: "Failure" },
  };
}

/** The user that the intruder made signs in to the console, from another address and with no second factor. */
export const consoleSignIn: Chapter = {
  name: "7-console",
  begins: "2026-02-11T04:06:31Z",
  calls: [
    failedSignIn(0),
    failedSignIn(19),
    change(22, backdoorAtSignIn, HOME, "signin", "ConsoleLogin", {
      eventType: "AwsConsoleSignIn",
      response: { ConsoleLogin: "Success" },
      additional: SIGN_IN,
    }),
    iam(8, backdoorInConsole, "GetAccountSummary", { readOnly: true }),
    iam(2, backdoorInConsole, "ListUsers", { readOnly: true, request: { maxItems: 1000 } }),
    iam(14, backdoorInConsole, "ListMFADevices", { readOnly: true, request: { userName: BACKDOOR_USER } }),
    iam(20, backdoorInConsole, "ListAccessKeys", { readOnly: true, request: { userName: "ci-deployer" } }),
    look(15, backdoorInConsole, "us-west-2", "ec2", "DescribeInstances", {
      request: { maxResults: 50, instancesSet: {}, filterSet: {} },
    }),
    look(11, backdoorInConsole, HOME, "guardduty", "ListDetectors"),
  ],
};
