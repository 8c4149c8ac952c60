import { createHash } from "node:crypto";
import { CreateChannelCommand } from "@aws-sdk/client-cloudtrail";
import { httpSender, type PutAuditEventsOutput } from "../../middleware/put-audit-events.ts";
import { parseChannelArn } from "../../shared/channel/channel.ts";
import { endpointUrl } from "./endpoint.ts";
import { ACCOUNT, cloudTrail, KEY } from "./world.ts";

const EVENT_DATA_STORE = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:eventdatastore/01234567-89ab-4cde-8f01-23456789abcd`;

/** Makes a channel. @returns what puts one event of an application's into it */
export async function makeChannel(
  name: string,
): Promise<(fields: Readonly<Record<string, unknown>>) => Promise<PutAuditEventsOutput>> {
  const { ChannelArn: channelArn = "" } = await cloudTrail().send(
    new CreateChannelCommand({
      Name: name,
      Source: "Custom",
      Destinations: [{ Type: "EVENT_DATA_STORE", Location: EVENT_DATA_STORE }],
    }),
  );
  const identity = parseChannelArn(channelArn);
  if (!identity) throw new Error(`${channelArn} is no channel's ARN`);
  const send = httpSender(identity, endpointUrl(), KEY);
  return (fields) => {
    const eventData = JSON.stringify({
      version: "1",
      userIdentity: { type: "User", principalId: "ana", details: {} },
      eventSource: "shop.example.com",
      eventTime: new Date().toISOString(),
      ...fields,
    });
    const eventDataChecksum = createHash("sha256").update(eventData).digest("base64");
    const auditEvents = [{ id: "1", eventData, eventDataChecksum }];
    return send({ channelArn, auditEvents }, { signal: AbortSignal.timeout(30_000) });
  };
}
