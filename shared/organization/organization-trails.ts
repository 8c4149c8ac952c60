import { ConcurrentTrailChange, type TrailStore } from "../ports/trail-store.ts";
import { isInOrganization, type Organization } from "./organization.ts";

/**
 * The trails as each account of an organization sees them: its own, and the organization trails, which belong to the
 * management account and take every member's events. A member's version is the sum of its own and the management
 * account's; both only grow, so it changes with every change of either.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html
 */
export function withOrganizationTrails(trails: TrailStore, organization: Organization): TrailStore {
  const { managementAccountId } = organization;
  const isMember = (accountId: string): boolean =>
    accountId !== managementAccountId && isInOrganization(organization, accountId);

  /**
   * The version of the account's own trails that a member's version was made with. If the management account's has
   * grown since, it comes out too small, and the change is refused as it must be.
   */
  async function ownVersion(accountId: string, version: number): Promise<number> {
    if (!isMember(accountId)) return version;
    const own = version - (await trails.version(managementAccountId));
    if (own < 0) throw new ConcurrentTrailChange("The organization's trails have changed");
    return own;
  }

  return {
    async version(accountId) {
      const own = await trails.version(accountId);
      return isMember(accountId) ? own + (await trails.version(managementAccountId)) : own;
    },
    async read(accountId) {
      const own = await trails.read(accountId);
      if (!isMember(accountId)) return own;
      const management = await trails.read(managementAccountId);
      return {
        version: own.version + management.version,
        trails: [
          ...own.trails,
          ...management.trails.filter(({ organizationId }) => organizationId === organization.id),
        ],
      };
    },
    async put(trail, expectedVersion) {
      await trails.put(trail, await ownVersion(trail.accountId, expectedVersion));
    },
    async delete(accountId, trailArn, expectedVersion) {
      await trails.delete(accountId, trailArn, await ownVersion(accountId, expectedVersion));
    },
  };
}
