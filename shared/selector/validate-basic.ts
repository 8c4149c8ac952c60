import { DATA_RESOURCE_TYPES, dataResourceType } from "./data-resource-type.ts";
import type { DataResource, EventSelector, ReadWriteType } from "./event-selection.ts";
import { invalidEventSelectors } from "./invalid-event-selectors.ts";

/** A basic selector as PutEventSelectors takes it: every member has a default. */
export interface EventSelectorInput {
  readonly ReadWriteType?: string;
  readonly IncludeManagementEvents?: boolean;
  readonly DataResources?: readonly { readonly Type?: string; readonly Values?: readonly string[] }[];
  readonly ExcludeManagementEventSources?: readonly string[];
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html */
const MAX_SELECTORS = 5;
const MAX_DATA_RESOURCE_VALUES = 250;

const READ_WRITE_TYPES: readonly string[] = ["All", "ReadOnly", "WriteOnly"] satisfies ReadWriteType[];
const EXCLUDABLE_SOURCES: readonly string[] = ["kms.amazonaws.com", "rdsdata.amazonaws.com"];

/**
 * Checks basic selectors and fills in the defaults: All, management events included, no data events.
 * @throws AwsError InvalidEventSelectorsException
 */
export function readBasicSelectors(inputs: readonly EventSelectorInput[]): readonly EventSelector[] {
  if (inputs.length > MAX_SELECTORS) {
    throw invalidEventSelectors(
      `Specify a valid number of selectors (1 to ${MAX_SELECTORS}) for your trail.`,
    );
  }
  const selectors = inputs.map(readSelector);
  // Values that stand for every resource of their type do not count.
  const values = selectors
    .flatMap(({ DataResources }) => DataResources)
    .flatMap(({ Type, Values }) => Values.filter((value) => !dataResourceType(Type)?.every.test(value)));
  if (values.length > MAX_DATA_RESOURCE_VALUES) {
    throw invalidEventSelectors(
      `Specify a valid number of DataResources.Values (0 to ${MAX_DATA_RESOURCE_VALUES}) for all your selectors.`,
    );
  }
  return selectors;
}

function readSelector(input: EventSelectorInput): EventSelector {
  const { ReadWriteType = "All", IncludeManagementEvents = true, DataResources = [] } = input;
  const { ExcludeManagementEventSources = [] } = input;
  if (!isReadWriteType(ReadWriteType)) {
    throw invalidEventSelectors(
      `Value ${ReadWriteType} for ReadWriteType is invalid. Valid values are: ${READ_WRITE_TYPES.join(", ")}`,
    );
  }
  if (!IncludeManagementEvents && DataResources.length === 0) {
    throw invalidEventSelectors(
      "Invalid combination of parameters in EventSelectors. When includeManagementEvents is false, DataResources must not be empty.",
    );
  }
  for (const source of ExcludeManagementEventSources) {
    if (!EXCLUDABLE_SOURCES.includes(source)) {
      throw invalidEventSelectors(
        `Value ${source} for ExcludeManagementEventSources is invalid. Valid values are: ${EXCLUDABLE_SOURCES.join(", ")}`,
      );
    }
  }
  return {
    ReadWriteType,
    IncludeManagementEvents,
    DataResources: DataResources.map(readDataResource),
    ExcludeManagementEventSources,
  };
}

function isReadWriteType(value: string): value is ReadWriteType {
  return READ_WRITE_TYPES.includes(value);
}

/** A resource type without values takes nothing, as on AWS. */
function readDataResource({
  Type = "",
  Values = [],
}: {
  readonly Type?: string;
  readonly Values?: readonly string[];
}): DataResource {
  const known = dataResourceType(Type);
  if (known === undefined) {
    throw invalidEventSelectors(
      `Value ${Type} for DataResources.Type is invalid. Valid values are: ${DATA_RESOURCE_TYPES.map(({ type }) => type).join(", ")}`,
    );
  }
  for (const value of Values) {
    if (!known.every.test(value) && !known.some.test(value)) {
      throw invalidEventSelectors(`Value ${value} for DataResources.Values is invalid.`);
    }
  }
  return { Type, Values };
}
