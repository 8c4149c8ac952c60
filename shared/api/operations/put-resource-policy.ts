import { policyKey, policyResource, readPolicy } from "../../channel/resource-policy.ts";
import { AwsError } from "../../error/aws-error.ts";
import { defineOperation } from "../operation.ts";

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutResourcePolicy.html */
export const putResourcePolicy = defineOperation(
  "PutResourcePolicy",
  "write",
  async ({ ResourceArn, ResourcePolicy }, context) => {
    const { arn } = await policyResource(context, ResourceArn);
    readPolicy(ResourcePolicy, arn);
    const key = policyKey(arn);
    if (!(await context.settings.replace(key, await context.settings.read(key), ResourcePolicy))) {
      throw new AwsError("ConflictException", "The policy is being changed by another call. Try again.");
    }
    return { output: { ResourceArn: arn, ResourcePolicy } };
  },
);
