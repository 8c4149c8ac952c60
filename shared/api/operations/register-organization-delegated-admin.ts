import { registerAdministrator } from "../../organization/delegated-administrators.ts";
import { defineOperation } from "../operation.ts";
import { requireManagementAccount } from "../require-organization.ts";

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_RegisterOrganizationDelegatedAdmin.html */
export const registerOrganizationDelegatedAdmin = defineOperation(
  "RegisterOrganizationDelegatedAdmin",
  "write",
  async ({ MemberAccountId }, context) => {
    await registerAdministrator(context, requireManagementAccount(context), MemberAccountId);
    return { output: {} };
  },
);
