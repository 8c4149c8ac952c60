import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTagsForResourceCommand,
  PublishCommand,
  paginateListTopics,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  TagResourceCommand,
  UnsubscribeCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-sns";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SNS_MODEL } from "../../local/sns/model.ts";
import { clientSettings } from "../support/embedded-client.ts";
import { startTestHost, type TestHost } from "../support/embedded-host.ts";
import { type SnsEndpoint, startSnsEndpoint } from "../support/sns-endpoint.ts";

const ACCOUNT = "111122223333";
const arn = (name: string): string => `arn:aws:sns:us-east-1:${ACCOUNT}:${name}`;

let host: TestHost;
let sns: SNSClient;
let endpoint: SnsEndpoint;

beforeAll(async () => {
  host = await startTestHost();
  sns = new SNSClient(clientSettings(host.endpoint));
  endpoint = await startSnsEndpoint();
});

afterAll(async () => {
  await host.remove();
  await endpoint.close();
});

/** A topic with an endpoint of its own that has confirmed its subscription. */
async function subscribedTopic(name: string, attributes: Record<string, string> = {}) {
  await sns.send(new CreateTopicCommand({ Name: name }));
  const url = `${endpoint.url}${name}`;
  const { SubscriptionArn: subscriptionArn = "" } = await sns.send(
    new SubscribeCommand({
      TopicArn: arn(name),
      Protocol: "http",
      Endpoint: url,
      Attributes: attributes,
      ReturnSubscriptionArn: true,
    }),
  );
  await expect
    .poll(async () => (await attributesOf(subscriptionArn)).PendingConfirmation, { timeout: 5_000 })
    .toBe("false");
  return { url, subscriptionArn };
}

async function attributesOf(SubscriptionArn: string) {
  const { Attributes = {} } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  return Attributes;
}

/** Sends a form as a call of SNS. */
function callSns(body: string): Promise<Response> {
  return fetch(host.endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20260101/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=00`,
    },
    body,
  });
}

const bodiesWith = (part: string) => endpoint.deliveries.filter(({ body }) => body.includes(part));

describe("topics", () => {
  test("are made, also twice, listed over several pages, and deleted, also twice", async () => {
    const names = Array.from({ length: 120 }, (_, index) => `list-${index + 100}`);
    for (const Name of names) await sns.send(new CreateTopicCommand({ Name }));
    const again = await sns.send(new CreateTopicCommand({ Name: "list-100" }));

    const pages: (readonly (string | undefined)[])[] = [];
    for await (const { Topics = [] } of paginateListTopics({ client: sns }, {})) {
      pages.push(Topics.map(({ TopicArn }) => TopicArn));
    }
    for (const TopicArn of [...names, "list-100"].map(arn)) {
      await sns.send(new DeleteTopicCommand({ TopicArn }));
    }

    expect(again.TopicArn).toBe(arn("list-100"));
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat()).toEqual(expect.arrayContaining(names.map(arn)));
    await expect(
      sns.send(new GetTopicAttributesCommand({ TopicArn: arn("list-100") })),
    ).rejects.toMatchObject({ name: "NotFoundException", $metadata: { httpStatusCode: 404 } });
  });

  test("have the policy of their owner until they are given another", async () => {
    const TopicArn = arn("policy");
    await sns.send(new CreateTopicCommand({ Name: "policy", Attributes: { DisplayName: "Policy & more" } }));
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Principal: "*" } });

    const { Attributes: before } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    await sns.send(
      new SetTopicAttributesCommand({ TopicArn, AttributeName: "Policy", AttributeValue: Policy }),
    );
    const { Attributes: after } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));

    expect(before).toMatchObject({ TopicArn, Owner: ACCOUNT, DisplayName: "Policy & more" });
    expect(JSON.parse(before?.Policy ?? "")).toMatchObject({ Id: "__default_policy_ID" });
    expect(after).toMatchObject({ Policy, SubscriptionsConfirmed: "0", SubscriptionsPending: "0" });
  });

  test("have tags", async () => {
    const ResourceArn = arn("tagged");
    const Tags = [
      { Key: "team", Value: "security" },
      { Key: "stage", Value: "" },
    ];
    await sns.send(new CreateTopicCommand({ Name: "tagged", Tags }));

    await sns.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: "team", Value: "audit" }] }));
    await sns.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["stage", "none"] }));

    expect((await sns.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags).toEqual([
      { Key: "team", Value: "audit" },
    ]);
  });
});

describe("an HTTP endpoint", () => {
  test("gets the confirmation's link, and once it has opened it, messages in SNS's envelope", async () => {
    const { subscriptionArn } = await subscribedTopic("envelope");

    const { MessageId } = await sns.send(
      new PublishCommand({
        TopicArn: arn("envelope"),
        Subject: "Hello",
        Message: "first <message>\n",
        MessageAttributes: { kind: { DataType: "String", StringValue: "test" } },
      }),
    );

    await expect.poll(() => bodiesWith("first <message>").length, { timeout: 5_000 }).toBe(1);
    const [delivery] = bodiesWith("first <message>");
    expect(delivery).toMatchObject({ type: "Notification", subscriptionArn, isRaw: false });
    expect(JSON.parse(delivery?.body ?? "")).toEqual({
      Type: "Notification",
      MessageId,
      TopicArn: arn("envelope"),
      Subject: "Hello",
      Message: "first <message>\n",
      MessageAttributes: { kind: { Type: "String", Value: "test" } },
      Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      UnsubscribeURL: expect.stringContaining("Action=Unsubscribe"),
    });
  });

  test("gets the message alone where it wants raw delivery, and the one for its protocol", async () => {
    const { subscriptionArn } = await subscribedTopic("raw", { RawMessageDelivery: "true" });
    const Message = JSON.stringify({ default: "for all", http: "raw for http" });

    await sns.send(new PublishCommand({ TopicArn: arn("raw"), Message, MessageStructure: "json" }));

    await expect
      .poll(() => bodiesWith("raw for http"), { timeout: 5_000 })
      .toEqual([{ type: "Notification", subscriptionArn, isRaw: true, body: "raw for http" }]);
  });

  test("gets nothing before it has confirmed, and nothing after it has opened the link that ends it", async () => {
    const shy = await startSnsEndpoint({ confirms: false });
    await sns.send(new CreateTopicCommand({ Name: "ends" }));
    const { SubscriptionArn } = await sns.send(
      new SubscribeCommand({ TopicArn: arn("ends"), Protocol: "http", Endpoint: shy.url }),
    );
    const publish = (Message: string) => sns.send(new PublishCommand({ TopicArn: arn("ends"), Message }));

    await publish("too early");
    await expect.poll(() => shy.deliveries.length, { timeout: 5_000 }).toBe(1);
    const { Token } = JSON.parse(shy.deliveries[0]?.body ?? "");
    await sns.send(new ConfirmSubscriptionCommand({ TopicArn: arn("ends"), Token }));
    await publish("in time");
    await expect.poll(() => shy.deliveries.length, { timeout: 5_000 }).toBe(2);
    const ended = await fetch(JSON.parse(shy.deliveries[1]?.body ?? "").UnsubscribeURL);
    await publish("too late");
    const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: arn("ends") }));

    expect(SubscriptionArn).toBe("pending confirmation");
    expect(ended.status).toBe(200);
    expect(Subscriptions).toEqual([]);
    expect(shy.deliveries.map(({ body }) => JSON.parse(body).Message)).toEqual([
      expect.stringContaining("You have chosen"),
      "in time",
    ]);
    await shy.close();
  });

  test("is listed, changed to raw delivery, and gone with its topic", async () => {
    const { url, subscriptionArn: SubscriptionArn } = await subscribedTopic("listed");
    const listed = async () => (await sns.send(new ListSubscriptionsCommand({}))).Subscriptions ?? [];

    await sns.send(
      new SetSubscriptionAttributesCommand({
        SubscriptionArn,
        AttributeName: "RawMessageDelivery",
        AttributeValue: "true",
      }),
    );

    expect(await listed()).toContainEqual({
      TopicArn: arn("listed"),
      Protocol: "http",
      SubscriptionArn,
      Owner: ACCOUNT,
      Endpoint: url,
    });
    expect(await attributesOf(SubscriptionArn)).toMatchObject({ RawMessageDelivery: "true", Endpoint: url });
    await sns.send(new DeleteTopicCommand({ TopicArn: arn("listed") }));
    expect((await listed()).map((each) => each.Endpoint)).not.toContain(url);
    await expect(attributesOf(SubscriptionArn)).rejects.toMatchObject({ name: "NotFoundException" });
  });
});

describe("what breaks SNS's rules, or asks for what is not here, is refused", () => {
  const TopicArn = arn("rules");
  const subscribe = (change: object) =>
    new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint: "http://192.0.2.1/", ...change });
  const INVALID = "InvalidParameterException";

  beforeAll(async () => {
    await sns.send(new CreateTopicCommand({ Name: "rules", Tags: [{ Key: "a", Value: "b" }] }));
  });

  test.each([
    ["a name with a blank", INVALID, new CreateTopicCommand({ Name: "a b" })],
    ["a FIFO topic", INVALID, new CreateTopicCommand({ Name: "a.fifo", Attributes: { FifoTopic: "true" } })],
    [
      "another policy of a topic that is there",
      INVALID,
      new CreateTopicCommand({ Name: "rules", Attributes: { DisplayName: "other" } }),
    ],
    [
      "other tags of a topic that is there",
      INVALID,
      new CreateTopicCommand({ Name: "rules", Tags: [{ Key: "a", Value: "c" }] }),
    ],
    [
      "an attribute that is none",
      INVALID,
      new SetTopicAttributesCommand({ TopicArn, AttributeName: "Colour", AttributeValue: "red" }),
    ],
    [
      "a policy that is no JSON",
      INVALID,
      new SetTopicAttributesCommand({ TopicArn, AttributeName: "Policy", AttributeValue: "{" }),
    ],
    [
      "a policy without an effect",
      INVALID,
      new SetTopicAttributesCommand({
        TopicArn,
        AttributeName: "Policy",
        AttributeValue: '{"Statement":[{}]}',
      }),
    ],
    [
      "a queue's subscription",
      INVALID,
      subscribe({ Protocol: "sqs", Endpoint: "arn:aws:sqs:us-east-1:111122223333:q" }),
    ],
    ["another protocol than the address has", INVALID, subscribe({ Protocol: "https" })],
    ["a filter policy", INVALID, subscribe({ Attributes: { FilterPolicy: '{"a":["b"]}' } })],
    ["an empty message", INVALID, new PublishCommand({ TopicArn, Message: "" })],
    [
      "a message of more than 256 KiB",
      INVALID,
      new PublishCommand({ TopicArn, Message: "x".repeat(262_145) }),
    ],
    ["a subject of two lines", INVALID, new PublishCommand({ TopicArn, Message: "m", Subject: "a\nb" })],
    [
      "a structured message without a default",
      INVALID,
      new PublishCommand({ TopicArn, Message: '{"http":"a"}', MessageStructure: "json" }),
    ],
    ["a text message", INVALID, new PublishCommand({ PhoneNumber: "+15550100", Message: "m" })],
    [
      "an ARN of another service",
      INVALID,
      new PublishCommand({ TopicArn: "arn:aws:s3:::bucket", Message: "m" }),
    ],
    ["a token that nobody was sent", INVALID, new ConfirmSubscriptionCommand({ TopicArn, Token: "00" })],
    [
      "a subscription that is none",
      INVALID,
      new UnsubscribeCommand({ SubscriptionArn: "PendingConfirmation" }),
    ],
    [
      "a topic that is not there",
      "NotFoundException",
      new PublishCommand({ TopicArn: arn("none"), Message: "m" }),
    ],
    [
      "somebody else's topic",
      "AuthorizationErrorException",
      new PublishCommand({ TopicArn: TopicArn.replace(ACCOUNT, "444455556666"), Message: "m" }),
    ],
  ] as const)("%s", async (_what, name, command) => {
    await expect(sns.send(command as PublishCommand)).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: name === "NotFoundException" ? 404 : name.startsWith("Auth") ? 403 : 400 },
    });
  });

  test.each([
    ["an operation that is not here", "Action=CreatePlatformEndpoint", "InvalidAction"],
    ["no operation", "", "InvalidAction"],
    ["an operation of Object.prototype", "Action=constructor", "InvalidAction"],
    ["a missing member", "Action=CreateTopic", "InvalidParameter"],
    ["a field that is too deep", "Action=CreateTopic&Name=abc&a.b.c.d.e.f.g.h.i=1", "MalformedQueryString"],
    [
      "a boolean that is none",
      `Action=Subscribe&TopicArn=${TopicArn}&Protocol=http&ReturnSubscriptionArn=x`,
      "MalformedQueryString",
    ],
  ])("%s", async (_what, body, code) => {
    const answer = await callSns(body);

    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(`<Code>${code}</Code>`);
  });
});

test("random fields against every operation get no 500", async () => {
  const names = Object.keys(SNS_MODEL.shapes).flatMap((shape) => /^(.+)Request$/.exec(shape)?.[1] ?? []);
  const members = Object.values(SNS_MODEL.shapes).flatMap(({ members: all = {} }) => Object.keys(all));
  const step = fc.constantFrom(
    ...members,
    "member",
    "entry",
    "key",
    "value",
    "Name",
    "Value",
    "1",
    "2",
    "0",
    "x",
  );
  const field = fc.array(step, { minLength: 1, maxLength: 6 }).map((steps) => steps.join("."));
  const text = fc.oneof(
    fc.constantFrom(arn("rules"), "rules", "http", "http://192.0.2.1/", "true", "Policy", "{}", "json", ""),
    fc.string({ unit: "binary", maxLength: 20 }),
  );
  const statuses = new Set<number>();

  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), fc.array(fc.tuple(field, text)), async (Action, fields) => {
      const { status } = await callSns(new URLSearchParams([["Action", Action], ...fields]).toString());
      statuses.add(status);
      expect(status).toBeLessThan(500);
    }),
    { numRuns: 1_000 },
  );

  expect([...statuses]).toEqual(expect.arrayContaining([200, 400]));
});
