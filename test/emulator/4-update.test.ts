import { expect, inject, it } from "vitest";
import { postJson } from "../../cli/endpoint-client.ts";
import { deploy } from "./deployment.ts";
import { endpointSettings, makeCallable } from "./endpoint.ts";
import { DEPLOYED } from "./global-setup.ts";
import { makeTrail } from "./trail.ts";
import { deliveredEventIds, eventually, someRecord } from "./world.ts";

const TRAIL = "update";

it("a new version that is deployed while records come in loses none of them and doubles none", async () => {
  await makeCallable();
  await makeTrail(TRAIL);
  const acknowledged: string[] = [];
  let isDeployed = false;

  const deployed = deploy(inject("emulator"), { ...DEPLOYED, gzipLevel: "1" }).finally(() => {
    isDeployed = true;
  });
  while (!isDeployed) {
    const record = someRecord();
    // A call that is refused while its function is replaced was not acknowledged.
    const report = await postJson<{ accepted: number }>(endpointSettings(), "/_opentrail/records", [
      record,
    ]).catch(() => ({ accepted: 0 }));
    if (report.accepted === 1) acknowledged.push(record.eventID);
  }
  await deployed;

  expect(acknowledged.length).toBeGreaterThan(20);
  await eventually(
    "not all records are in log files",
    async () => {
      const delivered = await deliveredEventIds(TRAIL);
      return acknowledged.every((id) => delivered.has(id));
    },
    // What a replaced copy had in its hands comes again after the visibility timeout, and may find the lease of a file still on.
    300,
  );
  const delivered = await deliveredEventIds(TRAIL);
  expect([...delivered].filter(([, times]) => times > 1)).toEqual([]);
}, 400_000);
