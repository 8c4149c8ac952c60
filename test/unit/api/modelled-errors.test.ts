import { Readable } from "node:stream";
import * as sdk from "@aws-sdk/client-cloudtrail";
import { CloudTrailClient, CloudTrailServiceException } from "@aws-sdk/client-cloudtrail";
import { beforeAll, describe, expect, it } from "vitest";
import type { ApiRequest, Caller } from "../../../shared/api/http.ts";
import type { OperationName } from "../../../shared/api/operation.ts";
import { isSupported } from "../../../shared/api/operations.ts";
import { CLOUDTRAIL_MODEL } from "../../../shared/api/service-model.ts";
import { violationsOf } from "../../../shared/api/validate.ts";
import type { JsonObject } from "../../../shared/event/json.ts";
import { testCaller, testRequest } from "../../support/api-request.ts";
import {
  CONTENDED_CASES,
  ERROR_CASES,
  type ErrorCase,
  OPERATIONS,
  UNSUPPORTED_CASES,
  withShop,
} from "../../support/error-cases.ts";
import { type ErrorWorld, makeErrorWorld } from "../../support/error-world.ts";

/*
 * Driven by the real SDK client: every operation of the service model with every error that the model has for it: each is either provoked by a call
 * here, or stands in one of the lists of those that cannot be, with the reason.
 */

const NO_STORES = "there are no event data stores yet";
const NO_KEYS = "KMS keys are noted and not asked for";

/** Errors that no call here can end in, whatever the operation. */
const NEVER: Readonly<Record<string, string>> = {
  UnsupportedOperationException: "OpenTrail has the operation",
  OperationNotPermittedException: "whose signature is right may call everything: there is no IAM",
  NoManagementAccountSLRExistsException: "no service-linked role is needed",
  InsufficientDependencyServiceAccessPermissionException: "nothing is called in the caller's name",
  InsufficientIAMAccessPermissionException: "no role is made in the caller's name",
  CloudTrailAccessNotEnabledException: "an organization's trusted access is always on",
  OrganizationNotInAllFeaturesModeException: "an organization always has all features",
  ThrottlingException: "calls are not throttled",
  InactiveEventDataStoreException: NO_STORES,
  InvalidEventDataStoreCategoryException: NO_STORES,
  InvalidEventDataStoreStatusException: NO_STORES,
  InsufficientS3BucketPolicyException: "buckets' policies are kept and not evaluated",
  InsufficientEncryptionPolicyException: NO_KEYS,
  KmsKeyNotFoundException: NO_KEYS,
  KmsKeyDisabledException: NO_KEYS,
  KmsException: NO_KEYS,
  CloudWatchLogsDeliveryUnavailableException: "every region has log groups",
  CloudTrailInvalidClientTokenIdException: "accounts are neither suspended nor closed",
  TrailNotProvidedException: "a call without a name is InvalidTrailNameException, as AWS answers",
};

const NO_TYPE_YET =
  "what has not the form of an ARN is CloudTrailARNInvalidException, whatever it was meant for";
const MODEL_REFUSES =
  "what would be wrong is refused by the model before, with a code of its own or a ValidationException";

/** Errors that no call of one operation can end in, though other operations' calls do. */
const NEVER_IN: Readonly<Record<string, string>> = {
  "AddTags EventDataStoreARNInvalidException": NO_TYPE_YET,
  "AddTags ChannelARNInvalidException": NO_TYPE_YET,
  "AddTags InvalidTrailNameException": "a resource is named by its ARN",
  "RemoveTags EventDataStoreARNInvalidException": NO_TYPE_YET,
  "RemoveTags ChannelARNInvalidException": NO_TYPE_YET,
  "RemoveTags InvalidTrailNameException": "a resource is named by its ARN",
  "ListTags EventDataStoreARNInvalidException": NO_TYPE_YET,
  "ListTags ChannelARNInvalidException": NO_TYPE_YET,
  "ListTags InvalidTrailNameException": "resources are named by their ARNs",
  "CreateChannel EventDataStoreNotFoundException":
    "a channel's events go to trails: its stores need not exist",
  "UpdateChannel EventDataStoreNotFoundException":
    "a channel's events go to trails: its stores need not exist",
  "CreateTrail InvalidParameterException": MODEL_REFUSES,
  "UpdateTrail InvalidParameterException": MODEL_REFUSES,
  "UpdateTrail InvalidEventSelectorsException": "it does not change selectors, and they stay valid",
  "GetInsightSelectors InvalidParameterException": MODEL_REFUSES,
  "PutInsightSelectors InvalidParameterException": MODEL_REFUSES,
  "PutInsightSelectors S3BucketDoesNotExistException": "the bucket was looked at when the trail was given it",
  "GetEventConfiguration InvalidParameterException": MODEL_REFUSES,
  "RegisterOrganizationDelegatedAdmin InvalidParameterException": MODEL_REFUSES,
  "DeregisterOrganizationDelegatedAdmin InvalidParameterException": MODEL_REFUSES,
};

const provoked = new Set<string>();
let world: ErrorWorld;

beforeAll(async () => {
  world = await makeErrorWorld();
});

/** Makes a case's call, and notes the code that it ended in. */
async function provoke([operation, , input, caller = {}]: ErrorCase): Promise<string> {
  const code = await codeOf(operation, withShop(input, world.shop), caller);
  provoked.add(`${operation} ${code}`);
  return code;
}

/** The error that a call ends in, by the name that the SDK has for it; empty if it is done. */
async function codeOf(operation: OperationName, input: JsonObject, caller: Partial<Caller>): Promise<string> {
  const Command = COMMANDS[`${operation}Command`];
  if (Command === undefined) throw new Error(`The SDK has no ${operation}`);
  // Times are numbers in the cases, in seconds as on the wire. The SDK asks for dates.
  const given = JSON.parse(JSON.stringify(input), (name, value) =>
    name.endsWith("Time") && typeof value === "number" ? new Date(value * 1_000) : value,
  );
  try {
    await clientOf(caller).send(new Command(given) as never);
    return "";
  } catch (error) {
    if (error instanceof CloudTrailServiceException) return error.name;
    throw error;
  }
}

const COMMANDS = sdk as unknown as Readonly<Record<string, (new (input: object) => object) | undefined>>;

/** The real client, whose requests go to the API without a network between. */
function clientOf(caller: Partial<Caller>): CloudTrailClient {
  return new CloudTrailClient({
    region: "us-east-1",
    credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" },
    maxAttempts: 1,
    requestHandler: {
      handle: async ({ method, path, headers, body: sent }: SentRequest) => {
        const request = testRequest({ method, path, headers, body: Buffer.from(sent) });
        const { status, headers: answered, body } = await world.api(request, testCaller(caller));
        return {
          response: {
            statusCode: status,
            headers: answered,
            body: Readable.from([Buffer.from(String(body))]),
          },
        };
      },
    } as never,
  });
}

/** As much of the SDK's requests as is looked at. */
type SentRequest = Pick<ApiRequest, "method" | "path" | "headers"> & { readonly body: string };

describe("a call that cannot be done ends in the modelled error", () => {
  it.each(ERROR_CASES.map((one) => [one[0], one[1], one] as const))("%s %s %#", async (_, code, one) => {
    expect(await provoke(one)).toBe(code);
  });
});

describe("a call that others are always ahead of ends in ConflictException", () => {
  beforeAll(() => world.contend());

  it.each(CONTENDED_CASES.map((one) => [one[0], one] as const))("%s", async (_, one) => {
    expect(await provoke(one)).toBe("ConflictException");
  });
});

describe("an operation that OpenTrail does not have yet says so to a call that is valid", () => {
  it.each(UNSUPPORTED_CASES.map((one) => [one[0], one] as const))("%s", async (operation, one) => {
    const shape = CLOUDTRAIL_MODEL.operations[operation]?.input ?? "";
    expect(violationsOf(CLOUDTRAIL_MODEL, shape, one[2] as JsonObject)).toEqual([]);

    expect(await provoke(one)).toBe("UnsupportedOperationException");
  });
});

describe("the matrix of operations and modelled errors", () => {
  const pairs = OPERATIONS.filter((operation) => isSupported(operation)).flatMap((operation) =>
    (CLOUDTRAIL_MODEL.operations[operation]?.errors ?? []).map((code) => ({
      operation,
      code,
      pair: `${operation} ${code}`,
    })),
  );

  it("has each error of each operation that OpenTrail has either provoked or explained", () => {
    const open = pairs.filter(
      ({ pair, code }) => !provoked.has(pair) && !(code in NEVER) && !(pair in NEVER_IN),
    );

    expect(open.map(({ pair }) => pair)).toEqual([]);
  });

  it("explains nothing that was provoked, and nothing that the model does not have", () => {
    const known = new Set(pairs.map(({ pair }) => pair));
    const codes = new Set(pairs.map(({ code }) => code));

    expect(Object.keys(NEVER_IN).filter((pair) => provoked.has(pair) || !known.has(pair))).toEqual([]);
    expect(Object.keys(NEVER).filter((code) => !codes.has(code))).toEqual([]);
  });

  it("provokes only errors that the model has for the operation, and the documented exceptions", () => {
    const known = new Set(pairs.map(({ pair }) => pair));
    const beyond = [...provoked].filter(
      (pair) => !known.has(pair) && !pair.endsWith(" UnsupportedOperationException"),
    );

    expect(beyond).toEqual([]);
  });
});
