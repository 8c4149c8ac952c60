import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { composeTopics } from "../../../../shared/compose/clients/sns.ts";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:deliveries";
const TRAIL = "arn:aws:cloudtrail:us-east-1:111122223333:trail/main";

let answers: readonly (readonly [status: number, code: string])[];
let asked: number;
const server = createServer((_, response) => {
  const [status, code] = answers[Math.min(asked, answers.length - 1)] ?? [500, "none"];
  asked += 1;
  response.writeHead(status, { "content-type": "text/xml" });
  response.end(
    status === 200
      ? "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>"
      : `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code></Error></ErrorResponse>`,
  );
});

beforeEach(async () => {
  asked = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("AWS_ENDPOINT_URL_SNS", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "111122223333");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
});

afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function publish(): Promise<string> {
  return composeTopics()
    .publishForTrail(TOPIC, TRAIL, "text")
    .then(
      () => "published",
      (error: Error) => error.name,
    );
}

it("a topic that throttles, then fails, has the message with the third try", async () => {
  answers = [
    [429, "Throttled"],
    [500, "InternalError"],
    [200, ""],
  ];

  expect([await publish(), asked]).toEqual(["published", 3]);
});

it("a topic that throttles for longer is given up after three tries", async () => {
  answers = [[429, "Throttled"]];

  expect([await publish(), asked]).toEqual(["ThrottledException", 3]);
});

it("a topic that refuses is asked once", async () => {
  answers = [[404, "NotFound"]];

  expect([await publish(), asked]).toEqual(["TopicRefusal", 1]);
});
