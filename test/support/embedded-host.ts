import { type EmbeddedHost, type EmbeddedHostOptions, startEmbeddedHost } from "../../local/host.ts";
import { readLogFiles } from "./log-files.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** An embedded host within the test's process, on a free port and a data folder of its own. */
export interface TestHost extends EmbeddedHost {
  readonly dataDir: string;
  /** Every record in the bucket's log files, parsed. */
  records(bucket: string): readonly Record<string, unknown>[];
  /** Stops the host and removes the folder. */
  remove(): Promise<void>;
}

/** Starts a host that is as fast as tests need it, with `changes` in place of its settings. */
export async function startTestHost(changes: Partial<EmbeddedHostOptions> = {}): Promise<TestHost> {
  const folder = temporaryFolder();
  const host = await startEmbeddedHost({ ...testHostOptions(folder.path), ...changes });
  const dataDir = changes.dataDir ?? folder.path;
  return {
    ...host,
    dataDir,
    records: (bucket) =>
      [...readLogFiles(dataDir, bucket).values()].flatMap((text) => JSON.parse(text).Records),
    remove: async () => {
      await host.stop();
      folder.remove();
    },
  };
}

/** Short windows and waits, and no log on the terminal. */
export function testHostOptions(dataDir: string): EmbeddedHostOptions {
  return {
    host: "127.0.0.1",
    port: 0,
    dataDir,
    accountId: "000000000000",
    deliveryInterval: 50,
    gzipLevel: 1,
    maxReceives: 1_000,
    retryDelayMs: () => 50,
    leaseMs: 500,
    logLevel: "silent",
  };
}

/** A line of a management event of account 111122223333, now, with `fields` in place of its own. */
export function recordLine(fields: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    eventVersion: "1.11",
    userIdentity: { type: "IAMUser", userName: "alice", accountId: "111122223333" },
    eventTime: new Date().toISOString().replace(/\.\d+/, ""),
    eventSource: "ec2.amazonaws.com",
    eventName: "RunInstances",
    awsRegion: "us-east-1",
    sourceIPAddress: "192.0.2.10",
    eventID: crypto.randomUUID(),
    eventType: "AwsApiCall",
    recipientAccountId: "111122223333",
    eventCategory: "Management",
    readOnly: false,
    ...fields,
  });
}
