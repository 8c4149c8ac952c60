import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConcurrentTrailChange, type TrailStore } from "../../shared/ports/trail-store.ts";
import { DEFAULT_EVENT_SELECTION } from "../../shared/selector/event-selection.ts";
import type { Trail } from "../../shared/trail/trail.ts";

/** An empty store. */
export interface TrailStoreFixture {
  readonly trails: TrailStore;
  close(): Promise<void>;
}

/** What every TrailStore does. */
export function describeTrailStoreContract(name: string, make: () => Promise<TrailStoreFixture>): void {
  describe(`trail store: ${name}`, () => {
    let fixture: TrailStoreFixture;
    let trails: TrailStore;

    beforeEach(async () => {
      fixture = await make();
      trails = fixture.trails;
    });

    afterEach(() => fixture.close());

    it("an account without trails has version 0", async () => {
      expect(await trails.version(ACCOUNT)).toBe(0);
      expect(await trails.read(ACCOUNT)).toEqual({ version: 0, trails: [] });
    });

    it("a trail is read back as it was written", async () => {
      await trails.put(FULL_TRAIL, 0);

      expect(await trails.read(ACCOUNT)).toEqual({ version: 1, trails: [FULL_TRAIL] });
    });

    it("every change raises the version by one", async () => {
      const other = trail("other");
      await trails.put(trail("example"), 0);
      await trails.put(other, 1);
      await trails.put({ ...other, isLogging: true }, 2);
      await trails.delete(ACCOUNT, trail("example").trailArn, 3);

      expect(await trails.version(ACCOUNT)).toBe(4);
      expect(await trails.read(ACCOUNT)).toEqual({ version: 4, trails: [{ ...other, isLogging: true }] });
    });

    it("a change that rests on an old version is refused, and nothing is written", async () => {
      await trails.put(trail("example"), 0);

      const changes = [
        () => trails.put(trail("other"), 0),
        () => trails.put(trail("other"), 2),
        () => trails.delete(ACCOUNT, trail("example").trailArn, 0),
      ];

      for (const change of changes) {
        await expect(change()).rejects.toBeInstanceOf(ConcurrentTrailChange);
      }
      expect(await trails.read(ACCOUNT)).toEqual({ version: 1, trails: [trail("example")] });
    });

    it("of several changes at a time that rest on one version, one is made", async () => {
      const puts = await Promise.allSettled(
        ["one", "two", "three", "four"].map((name) => trails.put(trail(name), 0)),
      );

      expect(puts.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const state = await trails.read(ACCOUNT);
      expect(state.version).toBe(1);
      expect(state.trails).toHaveLength(1);
    });

    it("accounts do not see each other's trails or versions", async () => {
      await trails.put(trail("example"), 0);

      expect(await trails.read("444455556666")).toEqual({ version: 0, trails: [] });
    });

    it("an account has as many trails as its regions allow", async () => {
      const names = Array.from({ length: 40 }, (_, index) => `trail-${index + 10}`);
      for (const [index, name] of names.entries()) {
        await trails.put(trail(name), index);
      }

      const state = await trails.read(ACCOUNT);

      expect(state.trails.map(({ name }) => name).sort()).toEqual(names);
    });
  });
}

const ACCOUNT = "111122223333";

function trail(name: string): Trail {
  return {
    trailArn: `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/${name}`,
    accountId: ACCOUNT,
    homeRegion: "us-east-1",
    name,
    s3BucketName: "trail-logs",
    isMultiRegionTrail: false,
    includeGlobalServiceEvents: true,
    logFileValidationEnabled: false,
    selection: DEFAULT_EVENT_SELECTION,
    isLogging: false,
    createdAt: Date.UTC(2026, 0, 1),
  };
}

const FULL_TRAIL: Trail = {
  ...trail("full"),
  s3KeyPrefix: "prefix",
  kmsKeyId: `arn:aws:kms:us-east-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`,
  snsTopicArn: `arn:aws:sns:us-east-1:${ACCOUNT}:trail`,
  cloudWatchLogsLogGroupArn: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:trail:*`,
  cloudWatchLogsRoleArn: `arn:aws:iam::${ACCOUNT}:role/logs`,
  organizationId: "o-exampleorgid",
  isMultiRegionTrail: true,
  isLogging: true,
  startLoggingTime: Date.UTC(2026, 0, 2),
  stopLoggingTime: Date.UTC(2026, 0, 1),
  selection: {
    kind: "advanced",
    selectors: [
      {
        Name: "objects",
        FieldSelectors: [
          { Field: "eventCategory", Equals: ["Data"] },
          { Field: "resources.type", Equals: ["AWS::S3::Object"] },
          { Field: "resources.ARN", NotStartsWith: ["arn:aws:s3:::trail-logs/", ""] },
        ],
      },
    ],
  },
};
