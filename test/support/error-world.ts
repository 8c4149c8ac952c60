import { MemoryClock } from "../../shared/adapters/memory/clock.ts";
import { MemoryDeliveryStatus } from "../../shared/adapters/memory/delivery-status.ts";
import { MemoryLogGroups } from "../../shared/adapters/memory/log-groups.ts";
import { MemoryObjectStore } from "../../shared/adapters/memory/object-store.ts";
import { MemorySettingStore } from "../../shared/adapters/memory/setting-store.ts";
import { MemorySigningKeys } from "../../shared/adapters/memory/signing-keys.ts";
import { MemoryTopics } from "../../shared/adapters/memory/topics.ts";
import { MemoryTrailStore } from "../../shared/adapters/memory/trail-store.ts";
import { makeCloudTrailApi } from "../../shared/api/cloudtrail.ts";
import type { Caller, Service } from "../../shared/api/http.ts";
import type { OperationName } from "../../shared/api/operation.ts";
import type { JsonObject } from "../../shared/event/json.ts";
import { withOrganizationTrails } from "../../shared/organization/organization-trails.ts";
import { ConcurrentTrailChange } from "../../shared/ports/trail-store.ts";
import { cloudTrailRequest, testCaller } from "./api-request.ts";
import {
  ABROAD,
  ADMINISTRATOR,
  as,
  MANAGEMENT,
  MEMBERS,
  makeChannel,
  OTHERS,
  OUTSIDER,
  POLICY_OF_SHOP,
  withShop,
} from "./error-cases.ts";

/** An API with as much in it as the cases need: trails, an organization, channels up to their quota. */
export interface ErrorWorld {
  readonly api: Service;
  /** The ARN of the channel `shop`. */
  readonly shop: string;
  /** From now on somebody else is always faster: every change meets one that was made meanwhile. */
  contend(): Promise<void>;
}

const NOW = Date.UTC(2026, 0, 2);

/** Makes the world that the cases are written for. */
export async function makeErrorWorld(): Promise<ErrorWorld> {
  let isContended = false;
  const clock = new MemoryClock(NOW);
  const objects = new MemoryObjectStore();
  objects.createBucket("logs-bucket");
  const organization = { id: "o-exampleorgid", managementAccountId: MANAGEMENT, memberAccountIds: MEMBERS };
  const trails = withOrganizationTrails(new MemoryTrailStore(), organization);
  const settings = new MemorySettingStore();
  const changedMeanwhile = async (): Promise<never> => {
    throw new ConcurrentTrailChange("Somebody was faster");
  };
  const api = makeCloudTrailApi({
    trails: {
      version: (accountId) => trails.version(accountId),
      read: (accountId) => trails.read(accountId),
      put: (trail, version) => (isContended ? changedMeanwhile() : trails.put(trail, version)),
      delete: (...call) => (isContended ? changedMeanwhile() : trails.delete(...call)),
    },
    settings: {
      read: (key) => settings.read(key),
      replace: async (...change) => !isContended && settings.replace(...change),
    },
    organization,
    objects,
    logGroups: new MemoryLogGroups(),
    topics: new MemoryTopics(),
    deliveryStatus: new MemoryDeliveryStatus(),
    signingKeys: new MemorySigningKeys(clock, 86_400_000),
    history: { tokenSecret: async () => Buffer.from("secret"), find: async () => ({ events: [] }) },
    clock,
    ingest: async ({ records }) => ({ accepted: records.length, rejected: [] }),
    reportFailure: (error) => {
      throw error;
    },
  });

  async function call(
    operation: OperationName,
    input: object,
    caller: Partial<Caller> = {},
  ): Promise<JsonObject> {
    const { status, body } = await api(cloudTrailRequest(operation, input), testCaller(caller));
    if (status !== 200) throw new Error(`${operation} answered ${body}`);
    return JSON.parse(String(body));
  }

  await call("CreateTrail", { Name: "main", S3BucketName: "logs-bucket", IsMultiRegionTrail: true });
  await call("StartLogging", { Name: "main" });
  const ofOrganization = { IsOrganizationTrail: true, IsMultiRegionTrail: true, S3BucketName: "logs-bucket" };
  await call("CreateTrail", { Name: "all-accounts", ...ofOrganization });
  for (let index = 0; index < 5; index += 1) {
    await call("CreateTrail", { Name: `trail-${index}`, S3BucketName: "logs-bucket" }, as(OUTSIDER));
  }
  for (const MemberAccountId of [ADMINISTRATOR, ...OTHERS]) {
    await call("RegisterOrganizationDelegatedAdmin", { MemberAccountId });
  }
  const shop = String((await call("CreateChannel", { ...makeChannel, Name: "shop" })).ChannelArn);
  await call("CreateChannel", { ...makeChannel, Name: "store" });
  for (let index = 0; index < 25; index += 1) {
    await call("CreateChannel", { ...makeChannel, Name: `channel-${index}` }, ABROAD);
  }
  return {
    api,
    shop,
    contend: async () => {
      await call("PutResourcePolicy", withShop({ ResourceArn: shop, ResourcePolicy: POLICY_OF_SHOP }, shop));
      await call("DeregisterOrganizationDelegatedAdmin", { DelegatedAdminAccountId: OTHERS[0] });
      isContended = true;
    },
  };
}
