/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AggregationConfiguration.html */
export interface AggregationConfiguration {
  readonly Templates: readonly ("API_ACTIVITY" | "RESOURCE_ACCESS" | "USER_ACTIONS")[];
  readonly EventCategory: "Data";
}
