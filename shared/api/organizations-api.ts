import { awsPartition } from "../arn/partition.ts";
import { AwsError } from "../error/aws-error.ts";
import { isInOrganization, type Organization } from "../organization/organization.ts";
import { errorResponse, jsonResponse, targetOperation } from "./aws-json.ts";
import { commonError } from "./errors.ts";
import type { Service } from "./http.ts";

/** `X-Amz-Target` of AWS Organizations is this, a dot and the operation's name. */
export const ORGANIZATIONS_TARGET_PREFIX = "AWSOrganizationsV20161128";

/**
 * The one operation of AWS Organizations that `aws cloudtrail validate-logs` asks for: DescribeOrganization.
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html
 */
export function makeOrganizationsApi(organization: Organization | undefined): Service {
  return async (request, { accountId, region, requestId }) => {
    if (targetOperation(request, ORGANIZATIONS_TARGET_PREFIX) !== "DescribeOrganization") {
      return errorResponse(commonError("UnknownOperationException"), requestId);
    }
    if (!organization || !isInOrganization(organization, accountId)) {
      const message = "Your account is not a member of an organization.";
      return errorResponse(new AwsError("AWSOrganizationsNotInUseException", message), requestId);
    }
    return jsonResponse({ Organization: description(organization, awsPartition(region)) }, requestId);
  };
}

function description({ id, managementAccountId }: Organization, partition: string): object {
  const head = `arn:${partition}:organizations::${managementAccountId}`;
  return {
    Id: id,
    Arn: `${head}:organization/${id}`,
    FeatureSet: "ALL",
    MasterAccountArn: `${head}:account/${id}/${managementAccountId}`,
    MasterAccountId: managementAccountId,
    MasterAccountEmail: "management@example.com",
    AvailablePolicyTypes: [],
  };
}
