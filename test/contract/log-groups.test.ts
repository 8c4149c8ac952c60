import { LocalLogGroups } from "../../shared/adapters/local/log-groups.ts";
import { MemoryClock } from "../../shared/adapters/memory/clock.ts";
import { MemoryLogGroups } from "../../shared/adapters/memory/log-groups.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { describeLogGroupsContract } from "./log-groups.suite.ts";

const GROUP = "arn:aws:logs:us-east-1:111122223333:log-group:trail-events";
const NOW = Date.UTC(2026, 0, 1);

describeLogGroupsContract("memory", { refuses: false }, async () => {
  const logGroups = new MemoryLogGroups();
  logGroups.createGroup(GROUP);
  return {
    logGroups,
    group: GROUP,
    now: NOW,
    read: async (stream) => logGroups.events(GROUP, stream).map(({ message }) => message),
    close: async () => {},
  };
});

describeLogGroupsContract("local", { refuses: true }, async () => {
  const folder = temporaryFolder();
  const logGroups = new LocalLogGroups(folder.path, new MemoryClock(NOW));
  await logGroups.createLogGroup(GROUP);
  return {
    logGroups,
    group: GROUP,
    now: NOW,
    read: async (stream) => {
      const events = await logGroups.logEvents(GROUP, stream, {
        after: { timestamp: 0, sequence: 0 },
        before: { timestamp: Number.MAX_SAFE_INTEGER, sequence: 0 },
        from: "head",
        limit: 20_000,
      });
      return events.map(({ message }) => message);
    },
    close: async () => {
      logGroups.close();
      folder.remove();
    },
  };
});
