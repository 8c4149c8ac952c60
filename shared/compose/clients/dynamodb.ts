import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { once } from "../once.ts";
import { REQUEST_LIMITS } from "./settings.ts";

/** One client, so that its connections serve all stores. Marked pure: a bundle without DynamoDB must not get it. */
export const dynamo = /* @__PURE__ */ once(() => new DynamoDBClient(REQUEST_LIMITS));
