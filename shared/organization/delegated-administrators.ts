import { AwsError } from "../error/aws-error.ts";
import { changeSetting, readSetting, type SettingDependencies } from "../setting/change-setting.ts";
import { isInOrganization, type Organization } from "./organization.ts";

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html */
const MOST_ADMINISTRATORS = 3;

const NONE: readonly string[] = [];

/** Whether a member account may manage the organization's trails. */
export async function isDelegatedAdministrator(
  dependencies: Pick<SettingDependencies, "settings">,
  organization: Organization,
  accountId: string,
): Promise<boolean> {
  return (await readSetting(dependencies, settingKey(organization), NONE)).includes(accountId);
}

/**
 * @throws AwsError CannotDelegateManagementAccountException, AccountNotFoundException, AccountRegisteredException,
 *   DelegatedAdminAccountLimitExceededException
 */
export async function registerAdministrator(
  dependencies: SettingDependencies,
  organization: Organization,
  accountId: string,
): Promise<void> {
  if (accountId === organization.managementAccountId) {
    throw new AwsError(
      "CannotDelegateManagementAccountException",
      "The management account of an organization cannot be its delegated administrator.",
    );
  }
  requireAccount(organization, accountId);
  await changeSetting(dependencies, settingKey(organization), NONE, (administrators) => {
    if (administrators.includes(accountId)) {
      throw new AwsError(
        "AccountRegisteredException",
        `Account ${accountId} is a delegated administrator already.`,
      );
    }
    if (administrators.length >= MOST_ADMINISTRATORS) {
      throw new AwsError(
        "DelegatedAdminAccountLimitExceededException",
        `The organization has ${MOST_ADMINISTRATORS} delegated administrators already.`,
      );
    }
    return [...administrators, accountId];
  });
}

/** @throws AwsError AccountNotFoundException, AccountNotRegisteredException */
export async function deregisterAdministrator(
  dependencies: SettingDependencies,
  organization: Organization,
  accountId: string,
): Promise<void> {
  requireAccount(organization, accountId);
  await changeSetting(dependencies, settingKey(organization), NONE, (administrators) => {
    if (!administrators.includes(accountId)) {
      throw new AwsError(
        "AccountNotRegisteredException",
        `Account ${accountId} is no delegated administrator.`,
      );
    }
    return administrators.filter((administrator) => administrator !== accountId);
  });
}

function requireAccount(organization: Organization, accountId: string): void {
  if (isInOrganization(organization, accountId)) return;
  throw new AwsError("AccountNotFoundException", `Account ${accountId} is not in the organization.`);
}

function settingKey({ id }: Organization): string {
  return `delegated-administrators/${id}`;
}
