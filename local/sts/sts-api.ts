import type { Caller, Service } from "../../shared/api/http.ts";
import { awsPartition } from "../../shared/arn/partition.ts";
import { AwsError } from "../../shared/error/aws-error.ts";
import { type QueryAnswers, queryErrorResponse, queryResponse } from "../query-answer.ts";

const STS_ANSWERS: QueryAnswers = {
  namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
  statuses: {},
};

/**
 * The one operation of STS that the embedded host has: Terraform and others ask whose keys they have before they do
 * anything else.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export const stsApi: Service = async ({ body }, caller) => {
  const operation = new URLSearchParams(body.toString("utf8")).get("Action") ?? "";
  if (operation !== "GetCallerIdentity") {
    const message = `OpenTrail's part of STS does not have ${operation.slice(0, 100)}.`;
    return queryErrorResponse(STS_ANSWERS, new AwsError("InvalidAction", message), caller.requestId);
  }
  return queryResponse(STS_ANSWERS, operation, identityOf(caller), caller.requestId);
};

function identityOf({
  accountId,
  region,
  userIdentity,
}: Caller): Record<"Arn" | "UserId" | "Account", string> {
  const { arn, principalId } = userIdentity;
  return {
    Arn: typeof arn === "string" ? arn : `arn:${awsPartition(region)}:iam::${accountId}:root`,
    UserId: typeof principalId === "string" ? principalId : accountId,
    Account: accountId,
  };
}
