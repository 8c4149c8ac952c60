import { AwsError } from "../error/aws-error.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../event/json.ts";
import type { SettingDependencies } from "../setting/change-setting.ts";
import type { Channel } from "./channel.ts";
import { channelWithArn } from "./channels.ts";

/** A statement of a channel's policy: who may, or may not, put events. */
export interface PolicyStatement {
  readonly effect: "Allow" | "Deny";
  /** ARNs, account ids or `*`. */
  readonly principals: readonly string[];
  /** The external ids that are asked for; absent: any, and none. */
  readonly externalIds?: readonly string[];
}

/** Who calls, as far as a policy's principals tell callers apart. */
interface PolicyCaller {
  readonly accountId: string;
  /** As in records of the caller's calls. */
  readonly userIdentity: JsonObject;
}

const ACTION = "cloudtrail-data:PutAuditEvents";
const MOST_STATEMENTS = 20;
const MOST_PRINCIPALS = 50;
const CLOUDTRAIL_RESOURCE = /^arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:\d{12}:([a-z]+)\/.+$/;

/** The setting that a resource's policy is. */
export function policyKey(resourceArn: string): string {
  return `resource-policy/${resourceArn}`;
}

/**
 * The caller's resource that a call for its policy names. Channels alone have one while there are no event data stores
 * and dashboards.
 * @throws AwsError ResourceARNNotValidException, ResourceTypeNotSupportedException, ResourceNotFoundException
 */
export async function policyResource(
  dependencies: SettingDependencies & {
    readonly caller: { readonly accountId: string; readonly region: string };
  },
  arn: string,
): Promise<Channel> {
  const [, type = ""] = CLOUDTRAIL_RESOURCE.exec(arn) ?? [];
  if (type === "") {
    throw new AwsError("ResourceARNNotValidException", `The resource ARN is not valid: ${arn}`);
  }
  if (!["channel", "eventdatastore", "dashboard"].includes(type)) {
    throw new AwsError("ResourceTypeNotSupportedException", `Resource type ${type} is not supported.`);
  }
  const { accountId, region } = dependencies.caller;
  const channel = await channelWithArn(dependencies, arn);
  if (!channel?.arn.includes(`:${region}:${accountId}:`)) {
    throw new AwsError("ResourceNotFoundException", `The resource was not found: ${arn}`);
  }
  return channel;
}

/**
 * Reads the policy of a channel.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/security_iam_resource-based-policy-examples.html
 * @throws AwsError ResourcePolicyNotValidException
 */
export function readPolicy(text: string, channelArn: string): readonly PolicyStatement[] {
  const policy = parsed(text);
  if (!isJsonObject(policy)) throw invalid("The policy must be a JSON object.");
  if (policy.Version !== "2012-10-17" && policy.Version !== "2008-10-17") {
    throw invalid("The policy's Version must be 2012-10-17.");
  }
  const statements = listed(policy.Statement);
  if (statements.length === 0 || statements.length > MOST_STATEMENTS) {
    throw invalid(`The policy must have 1 to ${MOST_STATEMENTS} statements.`);
  }
  return statements.map((statement) => readStatement(statement, channelArn));
}

/** Whether a policy lets somebody of another account put events. */
export function allowsPutAuditEvents(
  statements: readonly PolicyStatement[],
  caller: PolicyCaller,
  externalId: string | undefined,
): boolean {
  const applying = statements.filter(
    ({ principals, externalIds }) =>
      principals.some((principal) => isPrincipal(principal, caller)) &&
      (externalIds === undefined || (externalId !== undefined && externalIds.includes(externalId))),
  );
  return applying.length > 0 && applying.every(({ effect }) => effect === "Allow");
}

function isPrincipal(principal: string, { accountId, userIdentity }: PolicyCaller): boolean {
  const isAccount =
    principal === accountId || /^arn:[a-z-]+:iam::(\d{12}):root$/.exec(principal)?.[1] === accountId;
  return principal === "*" || isAccount || principal === userIdentity.arn;
}

function readStatement(statement: JsonValue | undefined, channelArn: string): PolicyStatement {
  if (!isJsonObject(statement)) throw invalid("A statement must be a JSON object.");
  const { Effect, Principal, Action, Resource, Condition } = statement;
  if (Effect !== "Allow" && Effect !== "Deny") throw invalid("A statement's Effect must be Allow or Deny.");
  if (!isOnly(Action, ACTION)) throw invalid(`A statement's Action must be ${ACTION}.`);
  if (!isOnly(Resource, channelArn)) throw invalid(`A statement's Resource must be ${channelArn}.`);
  const principals = texts(isJsonObject(Principal) ? Principal.AWS : Principal);
  if (principals.length === 0 || principals.length > MOST_PRINCIPALS) {
    throw invalid(`A statement must have 1 to ${MOST_PRINCIPALS} AWS principals.`);
  }
  const externalIds = readCondition(Condition);
  return { effect: Effect, principals, ...(externalIds && { externalIds }) };
}

/** `{"StringEquals":{"cloudtrail:ExternalId":"…"}}`, the one condition that there is here. */
function readCondition(condition: JsonValue | undefined): readonly string[] | undefined {
  if (condition === undefined) return undefined;
  const operators = isJsonObject(condition) ? condition : {};
  const equals = operators.StringEquals;
  const externalIds = isJsonObject(equals) ? texts(equals["cloudtrail:ExternalId"]) : [];
  const isKnown =
    Object.keys(operators).length === 1 && isJsonObject(equals) && Object.keys(equals).length === 1;
  if (!isKnown || externalIds.length === 0) {
    throw invalid("A statement's Condition can only be StringEquals of cloudtrail:ExternalId.");
  }
  return externalIds;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AwsError("ResourcePolicyNotValidException", "The policy is not JSON.", { cause });
  }
}

function isOnly(value: JsonValue | undefined, wanted: string): boolean {
  const all = listed(value);
  return all.length > 0 && all.every((each) => each === wanted);
}

function texts(value: JsonValue | undefined): readonly string[] {
  return listed(value).filter((each) => typeof each === "string");
}

function listed(value: JsonValue | undefined): readonly (JsonValue | undefined)[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function invalid(message: string): AwsError {
  return new AwsError("ResourcePolicyNotValidException", message);
}
