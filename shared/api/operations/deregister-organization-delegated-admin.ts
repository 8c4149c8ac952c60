import { deregisterAdministrator } from "../../organization/delegated-administrators.ts";
import { defineOperation } from "../operation.ts";
import { requireManagementAccount } from "../require-organization.ts";

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DeregisterOrganizationDelegatedAdmin.html */
export const deregisterOrganizationDelegatedAdmin = defineOperation(
  "DeregisterOrganizationDelegatedAdmin",
  "write",
  async ({ DelegatedAdminAccountId }, context) => {
    await deregisterAdministrator(context, requireManagementAccount(context), DelegatedAdminAccountId);
    return { output: {} };
  },
);
