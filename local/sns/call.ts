import type { Caller } from "../../shared/api/http.ts";
import { awsPartition } from "../../shared/arn/partition.ts";
import { AwsError } from "../../shared/error/aws-error.ts";
import type { Topic, TopicStore } from "../../shared/ports/topic-store.ts";
import type { XmlElements } from "../xml.ts";
import type { SnsInputs } from "./model.ts";

/** What an operation does its work with. */
export interface SnsCall<Input> {
  readonly input: Input;
  readonly caller: Caller;
  readonly topics: TopicStore;
}

/** Gives the operation's result, undefined for none, or throws an `AwsError` or what `TopicStore` names. */
export type SnsOperation<Name extends keyof SnsInputs> = (
  call: SnsCall<SnsInputs[Name]>,
) => Promise<XmlElements | undefined>;

/** A rule of SNS is broken. */
export function invalidParameter(reason: string): AwsError {
  return new AwsError("InvalidParameter", `Invalid parameter: ${reason}`);
}

/** The ARN of the caller's topic of that name. */
export function topicArn({ accountId, region }: Caller, name: string): string {
  return `arn:${awsPartition(region)}:sns:${region}:${accountId}:${name}`;
}

/**
 * The caller's topic that an ARN names.
 * @throws AwsError InvalidParameter if it is none of a topic here, AuthorizationError if it is somebody else's, NotFound
 */
export async function callersTopic({ caller, topics }: SnsCall<unknown>, arn: string): Promise<Topic> {
  requireTopicArn(caller, arn);
  return (await topics.topic(arn)) ?? noSuchTopic();
}

/** @throws AwsError InvalidParameter, AuthorizationError */
export function requireTopicArn(caller: Caller, arn: string): void {
  const [, region, accountId] =
    /^arn:aws[a-z-]*:sns:([a-z0-9-]+):(\d{12}):[A-Za-z0-9_-]{1,256}$/.exec(arn) ?? [];
  if (region !== caller.region) throw invalidParameter("TopicArn");
  if (accountId !== caller.accountId) {
    throw new AwsError(
      "AuthorizationError",
      `Account ${caller.accountId} is not authorized to access ${arn}`,
    );
  }
}

export function noSuchTopic(): never {
  throw new AwsError("NotFound", "Topic does not exist");
}

const PAGE = 100;

/**
 * A page of at most 100 of a list, and the token of the next one.
 * @param items in the order of their ARNs
 * @throws AwsError InvalidParameter where the token is none
 */
export function pageOf<Item extends { readonly arn: string }>(
  items: readonly Item[],
  token: string | undefined,
): { readonly page: readonly Item[]; readonly NextToken?: string } {
  const after = token ? Buffer.from(token, "base64url").toString() : "";
  if (token && !after.startsWith("arn:")) throw invalidParameter("NextToken");
  const rest = items.filter(({ arn }) => arn > after);
  const page = rest.slice(0, PAGE);
  const last = page.at(-1);
  return page.length < rest.length && last
    ? { page, NextToken: Buffer.from(last.arn).toString("base64url") }
    : { page };
}

/** A map as SNS answers it. */
export function mapEntries(map: Readonly<Record<string, string>>): XmlElements {
  return { entry: Object.entries(map).map(([key, value]) => ({ key, value })) };
}
