import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { LONGEST_STAGE } from "../../deploy/plugins/parameters.ts";
import { BYTES_AT_ONCE } from "../../shared/adapters/aws/sqs-batch.ts";
import { BULK_BODY_LIMIT } from "../../shared/api/records.ts";
import { MAX_SENT_RECORD_BYTES } from "../../shared/delivery/log-calls.ts";
import { MAX_BLOCK_BYTES } from "../../shared/event/block-codec.ts";
import { MAX_INFLATED_BYTES, MAX_LOG_FILE_BYTES } from "../../shared/ingest/import-log-file.ts";
import { MAX_NESTING, MAX_RECORD_BYTES } from "../../shared/ingest/read-record.ts";
import { RESTART_BUDGET } from "../../shared/remediation/restart-stopped-trail.ts";
import { type PackagedStack, packageStack } from "../support/packaged-stack.ts";

const ROOT = path.join(import.meta.dirname, "../..");
const PAGE = readFileSync(path.join(ROOT, "docs/operating.md"), "utf8");

// Packaging takes some five seconds of a processor.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let stack: PackagedStack;

beforeAll(async () => {
  stack = await packageStack("prod", { restartAwsTrails: "on" });
});

afterAll(() => stack.remove());

/** `48 MiB`, `256 KiB`. */
function size(bytes: number): string {
  return bytes < 1024 ** 2 ? `${bytes / 1024} KiB` : `${bytes / 1024 ** 2} MiB`;
}

/** What stands under a heading of the second level. */
function section(title: string): string {
  const [, text = ""] = new RegExp(`^## ${title}$(.*?)^## `, "ms").exec(PAGE) ?? [];
  return text;
}

/** The names in code marks in the first cell of each row of a section's tables. */
function firstCells(title: string): readonly string[] {
  const rows = section(title).matchAll(/^\| ([^|]*`[^|]*)\|/gm);
  return [...rows].flatMap(([, cell = ""]) => [...cell.matchAll(/`([\w-]+)`/g)].map(([, name = ""]) => name));
}

function properties(type: string): readonly Readonly<Record<string, unknown>>[] {
  return Object.values(stack.template.Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);
}

describe("docs/operating.md", () => {
  test("has a row for each kind of alarm, each queue and each function, and for nothing else", () => {
    const metrics = new Set(properties("AWS::CloudWatch::Alarm").map(({ MetricName }) => String(MetricName)));
    const queues = new Set(
      properties("AWS::SQS::Queue").map(({ QueueName }) =>
        String(QueueName).replace(/^opentrail-prod-(.*?)(-dead-letters)?$/, "$1"),
      ),
    );
    const functions = properties("AWS::Lambda::Function").map(({ FunctionName }) =>
      String(FunctionName).replace("opentrail-prod-", ""),
    );

    expect([...firstCells("Alarms")].sort()).toEqual([...metrics, ...queues, ...functions].sort());
  });

  test("says when each kind of alarm goes off, as the template has it", () => {
    for (const { MetricName, Threshold, EvaluationPeriods, Period } of properties("AWS::CloudWatch::Alarm")) {
      const [row = ""] = new RegExp(`^\\| \`${MetricName}\` .*$`, "m").exec(PAGE) ?? [];

      expect(Period).toBe(5 * 60);
      if (Number(Threshold) > 0) expect(row).toContain(`${Threshold} seconds`);
      if (Number(EvaluationPeriods) > 1) expect(row).toContain(`${EvaluationPeriods} periods`);
    }
  });

  test("lists every metric that the functions count", () => {
    const counted = ["shared", "functions"].flatMap((folder) =>
      readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .flatMap((name) => [
          ...readFileSync(path.join(ROOT, folder, name), "utf8").matchAll(/metrics\.count\(\s*"(\w+)"/g),
        ])
        .map(([, metric = ""]) => metric),
    );

    expect([...new Set(firstCells("What is metered"))].sort()).toEqual([...new Set(counted)].sort());
  });

  test("says of each table what it is without it", () => {
    const backups = section("Backup and restore");

    for (const { TableName } of properties("AWS::DynamoDB::Table")) {
      expect(backups).toContain(`\`${String(TableName).replace("opentrail-prod-", "")}\``);
    }
  });

  test.each([
    ["a record", size(MAX_RECORD_BYTES)],
    ["a record for CloudWatch Logs or the bus", size(MAX_SENT_RECORD_BYTES)],
    ["nesting of a record", `${MAX_NESTING} levels`],
    ["bulk records", size(BULK_BODY_LIMIT)],
    ["a block that is unpacked", size(MAX_BLOCK_BYTES)],
    ["blocks of a batch in memory", size(BYTES_AT_ONCE)],
    ["a log file that is taken in", size(MAX_LOG_FILE_BYTES)],
    ["a log file that is taken in", `${MAX_INFLATED_BYTES / 1024 ** 3} GiB`],
    [
      "restarts of a stopped trail",
      `${RESTART_BUDGET.actions} in ${RESTART_BUDGET.windowMs / 60_000} minutes`,
    ],
    ["a stage's name", `${LONGEST_STAGE} characters`],
  ])("the limit of %s is the code's: %s", (what, limit) => {
    const [, cell] = new RegExp(`^\\| ${what} \\|([^|]*)\\|`, "m").exec(section("Limits")) ?? [];

    expect(cell).toContain(limit);
  });

  test("its links name headings that there are", () => {
    const slug = (title: string) =>
      title
        .toLowerCase()
        .replace(/[^\w\- ]/g, "")
        .replaceAll(" ", "-");

    const links = [...PAGE.matchAll(/\]\(([\w/-]+\.md)?#([\w-]+)\)/g)];

    expect(links).not.toEqual([]);
    for (const [, file = "", anchor = ""] of links) {
      const text = file === "" ? PAGE : readFileSync(path.join(ROOT, "docs", file), "utf8");
      const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) => slug(title));

      expect(headings, `${file}#${anchor}`).toContain(anchor);
    }
  });
});
