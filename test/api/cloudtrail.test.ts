import {
  AddTagsCommand,
  CloudTrailClient,
  CreateTrailCommand,
  DeleteTrailCommand,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailCommand,
  GetTrailStatusCommand,
  ListTagsCommand,
  ListTrailsCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
  StartQueryCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
} from "@aws-sdk/client-cloudtrail";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MemoryDeliveryStatus } from "../../shared/adapters/memory/delivery-status.ts";
import { MemoryLogGroups } from "../../shared/adapters/memory/log-groups.ts";
import { MemoryMetrics } from "../../shared/adapters/memory/metrics.ts";
import { MemoryObjectStore } from "../../shared/adapters/memory/object-store.ts";
import { MemorySettingStore } from "../../shared/adapters/memory/setting-store.ts";
import { MemorySigningKeys } from "../../shared/adapters/memory/signing-keys.ts";
import { MemoryTopics } from "../../shared/adapters/memory/topics.ts";
import { MemoryTrailStore } from "../../shared/adapters/memory/trail-store.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import { errorResponse } from "../../shared/api/aws-json.ts";
import { identifyCaller } from "../../shared/api/caller.ts";
import { makeCloudTrailApi } from "../../shared/api/cloudtrail.ts";
import { toAwsError } from "../../shared/api/errors.ts";
import type { Service } from "../../shared/api/http.ts";
import { verifySignature } from "../../shared/api/signature.ts";
import type { PackedBlock } from "../../shared/event/block.ts";
import { unpackBlock } from "../../shared/event/block-codec.ts";
import { makeIngest } from "../../shared/ingest/ingest.ts";
import { type ServiceServer, serveService } from "../support/service-server.ts";

const SECRET = "EXAMPLE";
const NAME = "main";
const ARN = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main";

let server: ServiceServer;
let client: CloudTrailClient;
let published: PackedBlock[];

beforeEach(async () => {
  published = [];
  server = await serveService(verified(makeApi()));
  client = clientWith(SECRET);
  await client.send(new CreateTrailCommand({ Name: NAME, S3BucketName: "logs-bucket" }));
});

afterEach(async () => {
  client.destroy();
  await server.close();
});

function makeApi(): Service {
  const trails = new MemoryTrailStore();
  const objects = new MemoryObjectStore();
  objects.createBucket("logs-bucket");
  const topic = {
    publish: async (blocks: readonly PackedBlock[]) => {
      published.push(...blocks);
    },
  };
  return makeCloudTrailApi({
    trails,
    settings: new MemorySettingStore(),
    objects,
    logGroups: new MemoryLogGroups(),
    deliveryStatus: new MemoryDeliveryStatus(),
    topics: new MemoryTopics(),
    signingKeys: new MemorySigningKeys(systemClock, 86_400_000),
    ingest: makeIngest({ trails, topic, clock: systemClock, metrics: new MemoryMetrics() }),
    clock: systemClock,
    reportFailure: (error) => {
      throw error;
    },
  });
}

/** The service behind the check of real signatures, called by whoever signed. */
function verified(service: Service): Service {
  return async (request, { requestId, sourceIPAddress }) => {
    try {
      verifySignature(request, () => SECRET, Date.now());
      const settings = {
        defaultAccountId: "000000000000",
        defaultRegion: "us-east-1",
        identities: new Map(),
      };
      return await service(request, { ...identifyCaller(request, sourceIPAddress, settings), requestId });
    } catch (error) {
      return errorResponse(toAwsError(error), requestId);
    }
  };
}

function clientWith(secretAccessKey: string): CloudTrailClient {
  return new CloudTrailClient({
    endpoint: server.endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "111122223333", secretAccessKey },
    maxAttempts: 1,
  });
}

async function loggedEvents(): Promise<readonly string[]> {
  const texts = await Promise.all(published.map(async ({ body }) => String((await unpackBlock(body)).text)));
  return texts.flatMap((text) =>
    JSON.parse(`[${text}]`).map((record: { eventName: string }) => record.eventName),
  );
}

describe("the AWS SDK's CloudTrail client", () => {
  it("finds the trail that it made, with times as dates", async () => {
    await client.send(new StartLoggingCommand({ Name: NAME }));

    const described = await client.send(new DescribeTrailsCommand({}));
    const got = await client.send(new GetTrailCommand({ Name: ARN }));
    const listed = await client.send(new ListTrailsCommand({}));
    const status = await client.send(new GetTrailStatusCommand({ Name: NAME }));

    expect(described.trailList).toEqual([got.Trail]);
    expect(got.Trail).toMatchObject({ Name: NAME, TrailARN: ARN, HomeRegion: "eu-west-1" });
    expect(got.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(listed.Trails).toEqual([{ TrailARN: ARN, Name: NAME, HomeRegion: "eu-west-1" }]);
    expect(status.IsLogging).toBe(true);
    expect(Math.abs(Number(status.StartLoggingTime) - Date.now())).toBeLessThan(60_000);
  });

  it("changes settings, selectors and tags", async () => {
    const updated = await client.send(
      new UpdateTrailCommand({
        Name: NAME,
        S3KeyPrefix: "audit",
        IsMultiRegionTrail: true,
        RecursiveLogging: false,
      }),
    );
    const put = await client.send(
      new PutEventSelectorsCommand({
        TrailName: NAME,
        AdvancedEventSelectors: [{ FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }] }],
      }),
    );
    await client.send(new AddTagsCommand({ ResourceId: ARN, TagsList: [{ Key: "team", Value: "a" }] }));

    const selectors = await client.send(new GetEventSelectorsCommand({ TrailName: NAME }));
    const tags = await client.send(new ListTagsCommand({ ResourceIdList: [ARN] }));

    expect(updated).toMatchObject({
      S3KeyPrefix: "audit",
      IsMultiRegionTrail: true,
      RecursiveLogging: false,
    });
    expect(selectors.AdvancedEventSelectors).toEqual(put.AdvancedEventSelectors);
    expect(tags.ResourceTagList).toEqual([{ ResourceId: ARN, TagsList: [{ Key: "team", Value: "a" }] }]);
  });

  it("gets errors as the exceptions of its model", async () => {
    const unknown = client.send(new StopLoggingCommand({ Name: "nobody" }));
    const unsupported = client.send(new StartQueryCommand({ QueryStatement: "SELECT 1" }));

    await expect(unknown).rejects.toMatchObject({
      name: "TrailNotFoundException",
      message: `Unknown trail: ${ARN.replace(NAME, "nobody")} for the user: 111122223333`,
      $metadata: { httpStatusCode: 400 },
    });
    await expect(unsupported).rejects.toMatchObject({ name: "UnsupportedOperationException" });
  });

  it("is refused when it signs with another secret", async () => {
    const impostor = clientWith("another");

    const refused = impostor.send(new DescribeTrailsCommand({}));

    await expect(refused).rejects.toMatchObject({ name: "InvalidSignatureException" });
    impostor.destroy();
  });

  it("has its calls in the trail from StartLogging to StopLogging, both included", async () => {
    await client.send(new DescribeTrailsCommand({}));
    await client.send(new StartLoggingCommand({ Name: NAME }));
    await client.send(new GetTrailCommand({ Name: NAME }));
    await client.send(new StopLoggingCommand({ Name: NAME }));
    await client.send(new GetTrailCommand({ Name: NAME }));

    expect(await loggedEvents()).toEqual(["StartLogging", "GetTrail", "StopLogging"]);
  });

  it("has the deletion of a logging trail in that trail", async () => {
    await client.send(new StartLoggingCommand({ Name: NAME }));
    await client.send(new DeleteTrailCommand({ Name: NAME }));

    expect(await loggedEvents()).toEqual(["StartLogging", "DeleteTrail"]);
  });
});
