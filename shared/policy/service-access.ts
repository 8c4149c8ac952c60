import { isJsonObject, type JsonObject, type JsonValue } from "../event/json.ts";
import { matchesGlob } from "./glob.ts";

/** A call that an AWS service makes in its own name. */
export interface ServiceCall {
  /** `cloudtrail.amazonaws.com`, `events.amazonaws.com`… */
  readonly service: string;
  /** `SNS:Publish`. */
  readonly action: string;
  /** ARN of the resource that has the policy. */
  readonly resource: string;
  /** For whom: the ARN of the trail, or the rule. */
  readonly sourceArn: string;
}

/**
 * Whether a resource's policy lets a service do something: a statement allows it, and none denies it. The condition
 * keys of such calls are aws:SourceArn, aws:SourceAccount, aws:PrincipalServiceName and aws:PrincipalIsAWSService; a
 * condition on another key is not met, unless its operator is a negated one or ends in IfExists.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 *
 * @param policy JSON text of a policy
 */
export function allowsService(policy: string, call: ServiceCall): boolean {
  const document: unknown = JSON.parse(policy);
  const statements = isJsonObject(document) ? listed(document.Statement).filter(isJsonObject) : [];
  const effects = statements
    .filter((statement) => applies(statement, call))
    .map(({ Effect: effect }) => effect);
  return effects.includes("Allow") && !effects.includes("Deny");
}

function applies(statement: JsonObject, { service, action, resource, sourceArn }: ServiceCall): boolean {
  const { Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } = statement;
  const isAction = (pattern: string): boolean => matchesGlob(pattern.toLowerCase(), action.toLowerCase());
  const isResource = (pattern: string): boolean => matchesGlob(pattern, resource);
  const isService =
    Principal === undefined ? !isPrincipal(NotPrincipal, service) : isPrincipal(Principal, service);
  return (
    isService &&
    (Action === undefined ? !texts(NotAction).some(isAction) : texts(Action).some(isAction)) &&
    (Resource === undefined ? !texts(NotResource).some(isResource) : texts(Resource).some(isResource)) &&
    holds(Condition, {
      "aws:sourcearn": sourceArn,
      "aws:sourceaccount": sourceArn.split(":")[4] ?? "",
      "aws:principalservicename": service,
      "aws:principalisawsservice": "true",
    })
  );
}

function isPrincipal(principal: JsonValue | undefined, service: string): boolean {
  if (principal === "*") return true;
  if (!isJsonObject(principal)) return false;
  return texts(principal.Service).includes(service) || texts(principal.AWS).includes("*");
}

type Context = Readonly<Record<string, string>>;

function holds(condition: JsonValue | undefined, context: Context): boolean {
  if (condition === undefined) return true;
  if (!isJsonObject(condition)) return false;
  return Object.entries(condition).every(
    ([operator, keys]) =>
      isJsonObject(keys) &&
      Object.entries(keys).every(([key, wanted]) =>
        holdsFor(operator, context[key.toLowerCase()], texts(wanted)),
      ),
  );
}

const COMPARISONS: Readonly<Record<string, (wanted: string, value: string) => boolean>> = {
  StringEquals: (wanted, value) => wanted === value,
  StringEqualsIgnoreCase: (wanted, value) => wanted.toLowerCase() === value.toLowerCase(),
  StringLike: matchesGlob,
  ArnEquals: matchesGlob,
  ArnLike: matchesGlob,
  Bool: (wanted, value) => wanted.toLowerCase() === value,
};

function holdsFor(operator: string, value: string | undefined, wanted: readonly string[]): boolean {
  if (operator === "Null") return wanted.includes(String(value === undefined));
  const [, comparison = "", ifExists] = /^(.*?)(IfExists)?$/.exec(operator) ?? [];
  const isNegated = /Not/.test(comparison);
  if (value === undefined) return isNegated || ifExists !== undefined;
  const compare = COMPARISONS[comparison.replace("Not", "")];
  return compare !== undefined && wanted.some((each) => compare(each, value)) !== isNegated;
}

/** Texts, and truth values as IAM takes them: as texts. */
function texts(value: JsonValue | undefined): readonly string[] {
  return listed(value)
    .filter((each) => typeof each === "string" || typeof each === "boolean")
    .map(String);
}

function listed(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
