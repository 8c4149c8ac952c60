import { ATTRIBUTE_NAMES, type AttributeName } from "../history/event-attributes.ts";
import { EXPORT_FORMATS, type ExportFormatName } from "../history/export-formats.ts";
import type { HistoryQuery } from "../history/query.ts";
import type { HistoryCategory, Partition } from "../history/spaces.ts";

/** A request's query string is not one that the page knows. */
export class InvalidSearch extends Error {
  override readonly name = "InvalidSearch";
}

/** What `GET /_opentrail/events` is asked for. */
export interface EventSearch {
  readonly partitions: readonly Partition[];
  readonly query: HistoryQuery;
  /** Events of a page. */
  readonly limit: number;
  readonly nextToken?: string;
  /** Export: of one page where that is asked for, or else of the whole result. */
  readonly format?: ExportFormatName;
  readonly isPage: boolean;
  /** Attributes whose values are counted. */
  readonly counts: readonly AttributeName[];
  /** What a token is bound to. */
  readonly bound: string;
}

const CATEGORIES: readonly HistoryCategory[] = ["management", "insight", "data"];
const PARAMETERS = [
  ...ATTRIBUTE_NAMES,
  "start",
  "end",
  "text",
  "order",
  "category",
  "region",
  "limit",
  "nextToken",
  "format",
  "counts",
];

const DEFAULT_LIMIT = 50;
const MOST_EVENTS = 1_000;
const MOST_REGIONS = 50;

/**
 * Reads the query string. A parameter that is given several times is one of several values that will do; several
 * parameters must all hold.
 * @throws InvalidSearch
 */
export function readEventSearch(
  parameters: URLSearchParams,
  caller: { readonly accountId: string; readonly region: string },
): EventSearch {
  for (const name of parameters.keys()) {
    if (!PARAMETERS.includes(name)) {
      throw new InvalidSearch(`There is no parameter ${name}: there are ${PARAMETERS.join(", ")}`);
    }
  }
  const startTime = timeOf(parameters, "start");
  const endTime = timeOf(parameters, "end");
  if (startTime !== undefined && endTime !== undefined && startTime > endTime) {
    throw new InvalidSearch("start must not be after end");
  }
  const text = parameters.get("text");
  const query: HistoryQuery = {
    conditions: ATTRIBUTE_NAMES.flatMap((attribute) => {
      const values = parameters.getAll(attribute);
      return values.length === 0 ? [] : [{ attribute, values }];
    }),
    ...(startTime !== undefined && { startTime }),
    ...(endTime !== undefined && { endTime }),
    ...(text !== null && text !== "" && { text }),
    oldestFirst: oneOf(parameters, "order", ["newest", "oldest"] as const) === "oldest",
  };
  const partitions = partitionsOf(parameters, caller);
  const nextToken = parameters.get("nextToken");
  const format = oneOf(parameters, "format", Object.keys(EXPORT_FORMATS) as ExportFormatName[]);
  return {
    partitions,
    query,
    limit: limitOf(parameters),
    ...(nextToken !== null && { nextToken }),
    ...(format !== undefined && { format }),
    isPage: format === undefined || parameters.has("limit") || nextToken !== null,
    counts: parameters.getAll("counts").flatMap((names) => names.split(",").map(attributeNamed)),
    bound: JSON.stringify(["events", partitions, query]),
  };
}

function partitionsOf(
  parameters: URLSearchParams,
  caller: { readonly accountId: string; readonly region: string },
): readonly Partition[] {
  const regions = parameters.has("region") ? parameters.getAll("region") : [caller.region];
  const named = parameters.getAll("category");
  const categories = named.length === 0 ? (["management"] as const) : named.map(categoryNamed);
  if (regions.length > MOST_REGIONS || regions.some((region) => !/^[a-z0-9-]{1,64}$/.test(region))) {
    throw new InvalidSearch("region must be the code of an AWS region");
  }
  return [...new Set(regions)].flatMap((region) =>
    [...new Set(categories)].map((category) => ({ accountId: caller.accountId, region, category })),
  );
}

function categoryNamed(text: string): HistoryCategory {
  const category = CATEGORIES.find((known) => known === text);
  if (category === undefined) {
    throw new InvalidSearch(`category must be one of ${CATEGORIES.join(", ")}`);
  }
  return category;
}

function attributeNamed(text: string): AttributeName {
  const attribute = ATTRIBUTE_NAMES.find((known) => known === text);
  if (attribute === undefined) {
    throw new InvalidSearch(`counts must be of ${ATTRIBUTE_NAMES.join(", ")}`);
  }
  return attribute;
}

/** ISO 8601, or seconds since the epoch. */
function timeOf(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name);
  if (text === null) {
    return undefined;
  }
  const time = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  if (Number.isNaN(time)) {
    throw new InvalidSearch(`${name} must be a time, as 2026-01-31T12:00:00Z, or seconds since 1970`);
  }
  return time;
}

function limitOf(parameters: URLSearchParams): number {
  const limit = Number(parameters.get("limit") ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_EVENTS) {
    throw new InvalidSearch(`limit must be a whole number from 1 to ${MOST_EVENTS}`);
  }
  return limit;
}

function oneOf<T extends string>(
  parameters: URLSearchParams,
  name: string,
  allowed: readonly T[],
): T | undefined {
  const text = parameters.get(name);
  const value = allowed.find((one) => one === text);
  if (text !== null && value === undefined) {
    throw new InvalidSearch(`${name} must be one of ${allowed.join(", ")}`);
  }
  return value;
}
