import { policyKey, policyResource } from "../../channel/resource-policy.ts";
import { AwsError } from "../../error/aws-error.ts";
import { defineOperation } from "../operation.ts";
import { policyNotFound } from "./get-resource-policy.ts";

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DeleteResourcePolicy.html */
export const deleteResourcePolicy = defineOperation(
  "DeleteResourcePolicy",
  "write",
  async ({ ResourceArn }, context) => {
    const { arn } = await policyResource(context, ResourceArn);
    const before = await context.settings.read(policyKey(arn));
    if (before === undefined) throw policyNotFound(arn);
    if (!(await context.settings.replace(policyKey(arn), before, undefined))) {
      throw new AwsError("ConflictException", "The policy is being changed by another call. Try again.");
    }
    return { output: {} };
  },
);
