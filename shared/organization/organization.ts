/** An organization of AWS Organizations, as far as trails ask for it. */
export interface Organization {
  /** `o-` and 10 to 32 letters and digits. */
  readonly id: string;
  readonly managementAccountId: string;
  /** Without the management account. */
  readonly memberAccountIds: readonly string[];
}

/** Whether an account belongs to an organization, as its management account or as a member. */
export function isInOrganization(organization: Organization, accountId: string): boolean {
  return organization.managementAccountId === accountId || organization.memberAccountIds.includes(accountId);
}

/** Whether an id is one that an organization may have. */
export function isOrganizationId(id: string): boolean {
  return /^o-[a-z0-9]{10,32}$/.test(id);
}
