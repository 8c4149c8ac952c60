import { expect, test } from "vitest";
import { decodeActivityMessage } from "../../../shared/adapters/aws/activity-message.ts";
import { partsOfBlock } from "../../../shared/delivery/part.ts";
import { unpackBlock } from "../../../shared/event/block-codec.ts";

/** A message of the activity topic as version 0.1.0 sent it. These bytes never change: docs/operating.md, Upgrade. */
const OF_VERSION_0_1_0 = [
  "T1RCMZwDAAAotS/9AEgNEACG5W8xUIc2HTAzjZiZGWv6Qyhq+74mu9tL3Ui29cznGwaUGYY2E4QiUXz772bk62syM4uIGGMAXABo",
  "AI4nV2+WCLdimfZ518wWAlYoQ3TLEkP7ToHkoTT1Y1dnSZ93zPj11Z/neRzHcZqmaZ5fDdFNDUF6xTBMg8E8zvNwPJp8ZFgbpYUg",
  "vfrTOBrMYxeWKjBPYwF6fiHX7hQEBAAMAt2e30gNxJ1Ak4AHXr01fX4jdRv1xFvThMb6YmY21hfX1A1KWKHpnj7vHkNjffGUvGuO",
  "6jjCXadA8rCxvngVYRjGAcnDjTgiuqXYqwijGEhe4kCk8ug2WqZOo+dX2xoiQEZek6Y09WML68a6SVO/AqwfIOuHCSjqgjV1g64O",
  "l99ScNvlIMRSR0AHry5RZkHh4WgwHqdZJNbRWBbEeBaJOs2yIIkyHqdJuNgJjCar4WIdYDS5euQ16fMWLLEPwcU6PPDqkAWVJu/g",
  "wVV8qipnjhnrB6ljArcUe0ol0njUw4Hk4URkbttVpBJxFAPJQ9ccGbZ0VdnpxfzaJlE3wDVHXdxUwTYmwLpdfTF7vU2K1GKXfn41",
  "uOaoDdgpe71EXpMmbOuXkXIVAEARww9St5iIQaJsZpKcJ5TJC+cF4TL2oPw+XPA0kAxVDyaIWWzG9mWQvX1vnD3GlI0pFraXmGC4",
  "eg/sEAU=",
].join("");

test("a message that the first version sent is read as it was meant", async () => {
  const message = decodeActivityMessage(OF_VERSION_0_1_0);

  const { text, ...block } = await unpackBlock("block" in message ? message.block : Buffer.alloc(0));

  expect(text.toString()).toBe('{"eventName":"StopLogging"},{"eventName":"StartLogging","é":1}');
  expect(block).toMatchObject({
    acceptedAt: Date.parse("2026-01-02T03:04:05Z"),
    accountId: "111122223333",
    origin: "api",
    groups: [{ recipientAccountId: "111122223333", awsRegion: "eu-west-1", kind: "management" }],
    groupOf: [0, 0],
    eventTimes: [1_767_323_045_000, 1_767_323_046_000],
    trails: [
      {
        destination: {
          trailArn: "arn:aws:cloudtrail:eu-west-1:111122223333:trail/all",
          accountId: "111122223333",
          homeRegion: "eu-west-1",
          name: "all",
          s3BucketName: "logs",
          s3KeyPrefix: "audit",
          kmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
          snsTopicArn: "arn:aws:sns:eu-west-1:111122223333:deliveries",
          cloudWatchLogsLogGroupArn: "arn:aws:logs:eu-west-1:111122223333:log-group:audit:*",
          cloudWatchLogsRoleArn: "arn:aws:iam::111122223333:role/audit-logs",
          organizationId: "o-exampleorgid",
          logFileValidationEnabled: true,
        },
        positions: [0, 2],
      },
    ],
  });
});

test("its parts have the ids that the ledger knows them by", async () => {
  const block = await unpackBlock(Buffer.from(OF_VERSION_0_1_0, "base64"));

  const ids = partsOfBlock(block).map(({ id }) => id);

  expect(ids).toEqual(["a85564caf32939db0c294a1f5f9dc3f0.0.0"]);
});

test("a message that names a stored block is read as it was meant", () => {
  const blockKey = "blocks/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  expect(decodeActivityMessage(`{"blockKey":"${blockKey}"}`)).toEqual({ blockKey });
});
