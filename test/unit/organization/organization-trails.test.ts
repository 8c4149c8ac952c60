import { beforeEach, describe, expect, it } from "vitest";
import { MemoryTrailStore } from "../../../shared/adapters/memory/trail-store.ts";
import { withOrganizationTrails } from "../../../shared/organization/organization-trails.ts";
import { ConcurrentTrailChange, type TrailStore } from "../../../shared/ports/trail-store.ts";
import type { Trail } from "../../../shared/trail/trail.ts";
import { makeTrail } from "../../support/trail.ts";

const MANAGEMENT = "111122223333";
const MEMBER = "444455556666";
const OUTSIDER = "123456789012";
const ORGANIZATION = { id: "o-exampleorgid", managementAccountId: MANAGEMENT, memberAccountIds: [MEMBER] };

let own: TrailStore;
let trails: TrailStore;

beforeEach(() => {
  own = new MemoryTrailStore();
  trails = withOrganizationTrails(own, ORGANIZATION);
});

function trail(accountId: string, name: string, changes: Partial<Trail> = {}): Trail {
  return makeTrail({ accountId, name, ...changes });
}

async function namesOf(accountId: string): Promise<readonly string[]> {
  return (await trails.read(accountId)).trails.map(({ name }) => name);
}

describe("the trails of an organization", () => {
  it("members see the organization's, the management account sees its own, others see neither", async () => {
    await trails.put(trail(MANAGEMENT, "private"), 0);
    await trails.put(trail(MANAGEMENT, "all", { organizationId: ORGANIZATION.id }), 1);
    await trails.put(trail(MEMBER, "members"), 2);

    expect(await namesOf(MANAGEMENT)).toEqual(["private", "all"]);
    expect(await namesOf(MEMBER)).toEqual(["members", "all"]);
    expect(await namesOf(OUTSIDER)).toEqual([]);
  });

  it("a member's version changes with its own trails and with the organization's", async () => {
    const versions = [await trails.version(MEMBER)];

    await trails.put(trail(MANAGEMENT, "all", { organizationId: ORGANIZATION.id }), 0);
    versions.push(await trails.version(MEMBER));
    await trails.put(trail(MEMBER, "members"), 1);
    versions.push(await trails.version(MEMBER));
    await trails.delete(MANAGEMENT, trail(MANAGEMENT, "all").trailArn, 1);
    versions.push(await trails.version(MEMBER));

    expect(versions).toEqual([0, 1, 2, 3]);
    expect((await trails.read(MEMBER)).version).toBe(3);
  });

  it("a member's change is refused when its own trails, or the organization's, have changed since", async () => {
    const { version } = await trails.read(MEMBER);
    await trails.put(trail(MANAGEMENT, "all", { organizationId: ORGANIZATION.id }), 0);

    const afterManagement = trails.put(trail(MEMBER, "members"), version);
    await expect(afterManagement).rejects.toThrow(ConcurrentTrailChange);
    const seen = await trails.read(MEMBER);
    await trails.put(trail(MEMBER, "members"), seen.version);
    const afterOwn = trails.delete(MEMBER, trail(MEMBER, "members").trailArn, seen.version);

    await expect(afterOwn).rejects.toThrow(ConcurrentTrailChange);
    expect(await namesOf(MEMBER)).toEqual(["members", "all"]);
  });

  it("a trail of another organization is the management account's alone", async () => {
    await trails.put(trail(MANAGEMENT, "former", { organizationId: "o-formerorgid1" }), 0);

    expect(await namesOf(MEMBER)).toEqual([]);
  });
});
