import { expect, test } from "vitest";
import { releaseMemory } from "../../../shared/bytes/release-memory.ts";

test("a large buffer and the views of it are empty once its memory is given back, also twice", () => {
  const large = Buffer.allocUnsafe(100_000);
  const view = large.subarray(10, 20);

  releaseMemory(large);
  releaseMemory(large);

  expect([large.length, view.length]).toEqual([0, 0]);
});

test("a small buffer, whose memory others share, is left alone", () => {
  const neighbour = Buffer.from("neighbour");
  const small = Buffer.from("small");

  releaseMemory(small);

  expect([small.toString(), neighbour.toString()]).toEqual(["small", "neighbour"]);
});
