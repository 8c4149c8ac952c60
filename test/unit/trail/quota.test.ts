import { expect, it } from "vitest";
import { requireRoomForTrail } from "../../../shared/trail/quota.ts";
import type { Trail } from "../../../shared/trail/trail.ts";
import { makeTrail } from "../../support/trail.ts";

const ACCOUNT = "111122223333";

function trails(count: number, homeRegion: string, isMultiRegionTrail: boolean): readonly Trail[] {
  return Array.from({ length: count }, (_, number) =>
    makeTrail({ name: `${homeRegion}-${number}`, homeRegion, isMultiRegionTrail }),
  );
}

it("a region holds five trails", () => {
  const scope = makeTrail({ homeRegion: "us-west-2", isMultiRegionTrail: false });

  expect(() => requireRoomForTrail(ACCOUNT, trails(4, "us-west-2", false), scope)).not.toThrow();
  expect(() => requireRoomForTrail(ACCOUNT, trails(5, "us-west-2", false), scope)).toThrow(
    expect.objectContaining({
      code: "MaximumNumberOfTrailsExceededException",
      message: "User: 111122223333 already has 5 trails in us-west-2.",
    }),
  );
});

it("single-region trails of one region leave room in another", () => {
  const scope = makeTrail({ homeRegion: "us-west-2", isMultiRegionTrail: false });

  expect(() => requireRoomForTrail(ACCOUNT, trails(5, "eu-west-1", false), scope)).not.toThrow();
});

it("all-region trails count in every region", () => {
  const scope = makeTrail({ homeRegion: "us-west-2", isMultiRegionTrail: false });
  const others = [...trails(3, "eu-west-1", true), ...trails(2, "us-west-2", false)];

  expect(() => requireRoomForTrail(ACCOUNT, others, scope)).toThrow("already has 5 trails in us-west-2.");
});

it("an all-region trail needs room in every region", () => {
  const scope = makeTrail({ homeRegion: "us-west-2", isMultiRegionTrail: true });

  expect(() => requireRoomForTrail(ACCOUNT, trails(4, "eu-west-1", false), scope)).not.toThrow();
  expect(() => requireRoomForTrail(ACCOUNT, trails(5, "eu-west-1", false), scope)).toThrow(
    "already has 5 trails in eu-west-1.",
  );
});
