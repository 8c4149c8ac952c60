import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../shared/event/json.ts";
import type { ActivityRecord } from "../../../shared/event/record.ts";
import { takesNaively } from "../../../shared/selector/naive.ts";
import { compileRouter } from "../../../shared/trail/router.ts";
import { isInScope } from "../../../shared/trail/scope.ts";
import type { Trail } from "../../../shared/trail/trail.ts";
import { activityRecord, readActivityRecord } from "../../support/activity-record.ts";
import { arbitraryFields, arbitrarySelection } from "../../support/arbitrary-selection.ts";
import { corpusLines, describeWithCorpus } from "../../support/corpus.ts";
import { CORPUS_SOURCES } from "../../support/corpus-sources.ts";
import { EVERYTHING } from "../../support/everything.ts";
import { makeTrail } from "../../support/trail.ts";

const REGIONS = ["us-east-1", "us-west-2", "eu-central-1"];

function routedNames(trails: readonly Trail[], record: ActivityRecord): readonly (string | undefined)[] {
  const router = compileRouter({ version: 1, trails });
  return router.route(record).map((number) => router.destinations[number]?.name);
}

const arbitraryTrails = fc
  .array(
    fc.record({
      homeRegion: fc.constantFrom(...REGIONS),
      isMultiRegionTrail: fc.boolean(),
      includeGlobalServiceEvents: fc.boolean(),
      isLogging: fc.boolean(),
      selection: arbitrarySelection,
    }),
    { maxLength: 8 },
  )
  .map((members) => members.map((member, number) => makeTrail({ ...member, name: `trail-${number}` })));

describe("a router", () => {
  it("gives the trails that are logging, in whose scope a record lies and whose selection takes it", () => {
    let routed = 0;

    fc.assert(
      fc.property(
        arbitraryTrails,
        fc.array(arbitraryFields, { minLength: 5, maxLength: 10 }),
        (trails, manyFields) => {
          for (const fields of manyFields) {
            const record = activityRecord(JSON.parse(JSON.stringify(fields)) as JsonObject);
            const expected = trails
              .filter((trail) => trail.isLogging && isInScope(trail, record))
              .filter((trail) => takesNaively(trail.selection, record))
              .map(({ name }) => name);
            expect(routedNames(trails, record)).toEqual(expected);
            routed += expected.length;
          }
        },
      ),
      { numRuns: 300 },
    );

    expect(routed).toBeGreaterThan(300);
  });

  it("leaves out a trail that is not logging", () => {
    const trails = [makeTrail({ name: "stopped", isLogging: false }), makeTrail({ name: "started" })];

    expect(routedNames(trails, activityRecord())).toEqual(["started"]);
  });

  it("sends nothing anywhere where no trail is", () => {
    expect(routedNames([], activityRecord())).toEqual([]);
  });

  it("tells several hundred trails apart", () => {
    const trails = Array.from({ length: 300 }, (_, number) =>
      makeTrail({
        name: `trail-${number}`,
        homeRegion: number === 299 ? "us-west-2" : `xx-made-${number}`,
        isMultiRegionTrail: number % 100 === 0,
      }),
    );

    const names = routedNames(trails, activityRecord({ awsRegion: "us-west-2" }));

    expect(names).toEqual(["trail-0", "trail-100", "trail-200", "trail-299"]);
  });

  it("goes on giving the same answer after a record that several trails wanted", () => {
    const trails = [makeTrail({ name: "one" }), makeTrail({ name: "two" })];
    const router = compileRouter({ version: 1, trails });
    const record = activityRecord();

    const first = router.route(record);
    const second = router.route(record);

    expect(first).toEqual([0, 1]);
    expect(second).toEqual([0, 1]);
  });

  it("carries a trail's destination without the members that it has not set", () => {
    const plain = makeTrail();
    const full = makeTrail({
      s3KeyPrefix: "audit",
      kmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      snsTopicArn: "arn:aws:sns:us-east-1:111122223333:trail",
      cloudWatchLogsLogGroupArn: "arn:aws:logs:us-east-1:111122223333:log-group:trail:*",
      cloudWatchLogsRoleArn: "arn:aws:iam::111122223333:role/trail",
      organizationId: "o-exampleorgid",
    });

    const { destinations } = compileRouter({ version: 1, trails: [plain, full] });

    expect(destinations.map((destination) => Object.keys(destination).length)).toEqual([5, 11]);
    expect(full).toMatchObject(destinations[1] ?? {});
    expect(destinations[0]).toStrictEqual({
      trailArn: "arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events",
      accountId: "111122223333",
      homeRegion: "us-east-1",
      name: "management-events",
      s3BucketName: "amzn-s3-demo-bucket1",
    });
  });
});

describeWithCorpus("a router of real records", () => {
  const records = CORPUS_SOURCES.flatMap((source) => corpusLines("records", source)).map(readActivityRecord);

  it("gives all of them to an all-region trail that takes everything", () => {
    const router = compileRouter({ version: 1, trails: [makeTrail({ selection: EVERYTHING })] });

    const left = records.filter((record) => router.route(record).length === 0);

    expect(records.length).toBeGreaterThan(0);
    expect(left).toEqual([]);
  });

  it("gives a single-region trail those of its region", () => {
    const trail = makeTrail({ selection: EVERYTHING, isMultiRegionTrail: false, homeRegion: "eu-west-1" });
    const router = compileRouter({ version: 1, trails: [trail] });

    const routed = records.filter((record) => router.route(record).length > 0);

    expect(routed.length).toBeGreaterThan(0);
    expect(routed).toEqual(records.filter(({ awsRegion }) => awsRegion === "eu-west-1"));
  });
});
