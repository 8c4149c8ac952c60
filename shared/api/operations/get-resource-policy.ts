import { policyKey, policyResource } from "../../channel/resource-policy.ts";
import { AwsError } from "../../error/aws-error.ts";
import { defineOperation } from "../operation.ts";

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetResourcePolicy.html */
export const getResourcePolicy = defineOperation(
  "GetResourcePolicy",
  "read",
  async ({ ResourceArn }, context) => {
    const { arn } = await policyResource(context, ResourceArn);
    const ResourcePolicy = await context.settings.read(policyKey(arn));
    if (ResourcePolicy === undefined) throw policyNotFound(arn);
    return { output: { ResourceArn: arn, ResourcePolicy } };
  },
);

export function policyNotFound(arn: string): AwsError {
  return new AwsError("ResourcePolicyNotFoundException", `The resource has no policy: ${arn}`);
}
