import { AwsError } from "../error/aws-error.ts";
import { isDelegatedAdministrator } from "../organization/delegated-administrators.ts";
import { isInOrganization, type Organization } from "../organization/organization.ts";
import type { OperationContext } from "./operation.ts";

/** The caller's organization. @throws AwsError OrganizationsNotInUseException */
export function requireOrganization({ organization, caller }: OperationContext): Organization {
  if (organization && isInOrganization(organization, caller.accountId)) return organization;
  throw new AwsError(
    "OrganizationsNotInUseException",
    "The request was made from an account that is not a member of an organization.",
  );
}

/**
 * The organization whose management account calls.
 * @throws AwsError OrganizationsNotInUseException, NotOrganizationManagementAccountException
 */
export function requireManagementAccount(context: OperationContext): Organization {
  const organization = requireOrganization(context);
  if (organization.managementAccountId === context.caller.accountId) return organization;
  throw new AwsError(
    "NotOrganizationManagementAccountException",
    "The account is not the management account of its organization.",
  );
}

/** @throws AwsError NotOrganizationMasterAccountException for a caller that may not make organization trails */
export async function requireAdministrator(
  organization: Organization,
  { settings, caller: { accountId } }: OperationContext,
): Promise<void> {
  const isAllowed =
    organization.managementAccountId === accountId ||
    (await isDelegatedAdministrator({ settings }, organization, accountId));
  if (isAllowed) return;
  throw new AwsError(
    "NotOrganizationMasterAccountException",
    "The account is neither the management account nor a delegated administrator of its organization.",
  );
}
