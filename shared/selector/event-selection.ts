/** A basic selector's DataResource. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html */
export interface DataResource {
  readonly Type: string;
  readonly Values: readonly string[];
}

export type ReadWriteType = "ReadOnly" | "WriteOnly" | "All";

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html */
export interface EventSelector {
  readonly ReadWriteType: ReadWriteType;
  readonly IncludeManagementEvents: boolean;
  readonly DataResources: readonly DataResource[];
  readonly ExcludeManagementEventSources: readonly string[];
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html */
export interface AdvancedFieldSelector {
  readonly Field: string;
  readonly Equals?: readonly string[];
  readonly StartsWith?: readonly string[];
  readonly EndsWith?: readonly string[];
  readonly NotEquals?: readonly string[];
  readonly NotStartsWith?: readonly string[];
  readonly NotEndsWith?: readonly string[];
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedEventSelector.html */
export interface AdvancedEventSelector {
  readonly Name?: string;
  readonly FieldSelectors: readonly AdvancedFieldSelector[];
}

/** Which events a trail takes: basic selectors or advanced ones, never both. */
export type EventSelection =
  | { readonly kind: "basic"; readonly selectors: readonly EventSelector[] }
  | { readonly kind: "advanced"; readonly selectors: readonly AdvancedEventSelector[] };

/** What a new trail takes: every management event and no data event. */
export const DEFAULT_EVENT_SELECTION: EventSelection = {
  kind: "basic",
  selectors: [
    {
      ReadWriteType: "All",
      IncludeManagementEvents: true,
      DataResources: [],
      ExcludeManagementEventSources: [],
    },
  ],
};
