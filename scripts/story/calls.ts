import type { JsonObject } from "../../shared/event/json.ts";
import { SHOP } from "./cast.ts";
import type { Actor, Call } from "./record.ts";

type Rest = Partial<Omit<Call, "after" | "by" | "name" | "region" | "service">>;

/** A call of IAM, which is a global service: its events are us-east-1's. */
export function iam(after: number, by: Actor, name: string, rest: Rest = {}): Call {
  return { after, by, name, region: "us-east-1", service: "iam", ...rest };
}

/** A call that only reads. */
export function look(
  after: number,
  by: Actor,
  region: string,
  service: string,
  name: string,
  rest: Rest = {},
): Call {
  return { after, by, region, service, name, readOnly: true, ...rest };
}

/** A call that changes something. */
export function change(
  after: number,
  by: Actor,
  region: string,
  service: string,
  name: string,
  rest: Rest = {},
): Call {
  return { after, by, region, service, name, ...rest };
}

/** What IAM, Lambda, CloudTrail… answer where a policy does not allow a call. */
export function denied(by: Actor, action: string, resource: string): Pick<Call, "error"> {
  return {
    error: [
      "AccessDenied",
      `User: ${by.userIdentity.arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
    ],
  };
}

/** The same, where a service control policy forbids it. */
export function forbidden(by: Actor, action: string, resource: string): Pick<Call, "error"> {
  return {
    error: [
      "AccessDenied",
      `User: ${by.userIdentity.arn} is not authorized to perform: ${action} on resource: ${resource} with an explicit deny in a service control policy`,
    ],
  };
}

/** An S3 bucket as a record's resource. */
export function bucket(name: string, account: string = SHOP): JsonObject {
  return { accountId: account, type: "AWS::S3::Bucket", ARN: `arn:aws:s3:::${name}` };
}

/** Parameters of a call on a bucket's sub-resource, which shows as an empty member. */
export function bucketRequest(name: string, region: string, subResource: string): JsonObject {
  return { bucketName: name, Host: `${name}.s3.${region}.amazonaws.com`, [subResource]: "" };
}

/** A KMS key as a record's resource. */
export function key(arn: string, account: string = SHOP): JsonObject {
  return { accountId: account, type: "AWS::KMS::Key", ARN: arn };
}

/** A role as a record's resource. */
export function role(account: string, name: string): JsonObject {
  return { accountId: account, type: "AWS::IAM::Role", ARN: `arn:aws:iam::${account}:role/${name}` };
}
