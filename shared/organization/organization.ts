import { isJsonObject } from "../event/json.ts";

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

/**
 * Reads `{"id":"o-…","managementAccountId":"…","memberAccountIds":["…"]}`.
 * @throws Error that says what is wrong with it
 */
export function parseOrganization(text: string): Organization {
  const value: unknown = JSON.parse(text);
  const { id, managementAccountId, memberAccountIds = [] } = isJsonObject(value) ? value : {};
  if (typeof id !== "string" || !isOrganizationId(id)) {
    throw new Error("id must be o- and 10 to 32 letters and digits");
  }
  if (!isAccountId(managementAccountId)) throw new Error("managementAccountId must have 12 digits");
  if (!Array.isArray(memberAccountIds) || !memberAccountIds.every(isAccountId)) {
    throw new Error("memberAccountIds must be a list of account ids of 12 digits");
  }
  return { id, managementAccountId, memberAccountIds };
}

function isAccountId(value: unknown): value is string {
  return typeof value === "string" && /^\d{12}$/.test(value);
}
