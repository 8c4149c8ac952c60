import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoTrailStore } from "../adapters/aws/trail-store.ts";
import { type Organization, parseOrganization } from "../organization/organization.ts";
import { withOrganizationTrails } from "../organization/organization-trails.ts";
import type { TrailStore } from "../ports/trail-store.ts";
import { dynamo } from "./clients/dynamodb.ts";
import { HERE, type Home, REQUEST_LIMITS } from "./clients/settings.ts";
import { type Environment, InvalidEnvironment } from "./environment.ts";

/** Trails as each account sees them: with the organization's, where there is one. @throws InvalidEnvironment */
export function composeTrails(env: Environment, home: Home = HERE): TrailStore {
  const client = home === HERE ? dynamo() : new DynamoDBClient({ ...REQUEST_LIMITS, ...home });
  const trails = dynamoTrailStore(client, env.text("OPENTRAIL_TRAILS_TABLE"));
  const organization = organizationOf(env);
  return organization ? withOrganizationTrails(trails, organization) : trails;
}

/** The organization that some of the accounts belong to. @throws InvalidEnvironment */
export function organizationOf(env: Environment): Organization | undefined {
  const text = env.optional("OPENTRAIL_ORGANIZATION");
  if (text === undefined) return undefined;
  try {
    return parseOrganization(text);
  } catch (cause) {
    throw new InvalidEnvironment(`OPENTRAIL_ORGANIZATION: ${(cause as Error).message}`, { cause });
  }
}
