// Made by scripts/service-model.ts from the service model. Timestamps are seconds since the epoch.

interface AddTagsRequest {
  readonly ResourceId: string;
  readonly TagsList: readonly Tag[];
}

type AddTagsResponse = Readonly<Record<string, never>>;

interface AdvancedEventSelector {
  readonly Name?: string;
  readonly FieldSelectors: readonly AdvancedFieldSelector[];
}

interface AdvancedFieldSelector {
  readonly Field: string;
  readonly Equals?: readonly string[];
  readonly StartsWith?: readonly string[];
  readonly EndsWith?: readonly string[];
  readonly NotEquals?: readonly string[];
  readonly NotStartsWith?: readonly string[];
  readonly NotEndsWith?: readonly string[];
}

interface AggregationConfiguration {
  readonly Templates: readonly ("API_ACTIVITY" | "RESOURCE_ACCESS" | "USER_ACTIONS")[];
  readonly EventCategory: "Data";
}

interface CancelQueryRequest {
  readonly EventDataStore?: string;
  readonly QueryId: string;
  readonly EventDataStoreOwnerAccountId?: string;
}

interface CancelQueryResponse {
  readonly QueryId: string;
  readonly QueryStatus: "QUEUED" | "RUNNING" | "FINISHED" | "FAILED" | "CANCELLED" | "TIMED_OUT";
  readonly EventDataStoreOwnerAccountId?: string | undefined;
}

interface Channel {
  readonly ChannelArn?: string | undefined;
  readonly Name?: string | undefined;
}

interface ContextKeySelector {
  readonly Type: "TagContext" | "RequestContext";
  readonly Equals: readonly string[];
}

interface CreateChannelRequest {
  readonly Name: string;
  readonly Source: string;
  readonly Destinations: readonly Destination[];
  readonly Tags?: readonly Tag[];
}

interface CreateChannelResponse {
  readonly ChannelArn?: string | undefined;
  readonly Name?: string | undefined;
  readonly Source?: string | undefined;
  readonly Destinations?: readonly Destination[] | undefined;
  readonly Tags?: readonly Tag[] | undefined;
}

interface CreateDashboardRequest {
  readonly Name: string;
  readonly RefreshSchedule?: RefreshSchedule;
  readonly TagsList?: readonly Tag[];
  readonly TerminationProtectionEnabled?: boolean;
  readonly Widgets?: readonly RequestWidget[];
}

interface CreateDashboardResponse {
  readonly DashboardArn?: string | undefined;
  readonly Name?: string | undefined;
  readonly Type?: "MANAGED" | "CUSTOM" | undefined;
  readonly Widgets?: readonly Widget[] | undefined;
  readonly TagsList?: readonly Tag[] | undefined;
  readonly RefreshSchedule?: RefreshSchedule | undefined;
  readonly TerminationProtectionEnabled?: boolean | undefined;
}

interface CreateEventDataStoreRequest {
  readonly Name: string;
  readonly AdvancedEventSelectors?: readonly AdvancedEventSelector[];
  readonly MultiRegionEnabled?: boolean;
  readonly OrganizationEnabled?: boolean;
  readonly RetentionPeriod?: number;
  readonly TerminationProtectionEnabled?: boolean;
  readonly TagsList?: readonly Tag[];
  readonly KmsKeyId?: string;
  readonly StartIngestion?: boolean;
  readonly BillingMode?: "EXTENDABLE_RETENTION_PRICING" | "FIXED_RETENTION_PRICING";
}

interface CreateEventDataStoreResponse {
  readonly EventDataStoreArn?: string | undefined;
  readonly Name?: string | undefined;
  readonly Status?:
    | "CREATED"
    | "ENABLED"
    | "PENDING_DELETION"
    | "STARTING_INGESTION"
    | "STOPPING_INGESTION"
    | "STOPPED_INGESTION"
    | undefined;
  readonly AdvancedEventSelectors?: readonly AdvancedEventSelector[] | undefined;
  readonly MultiRegionEnabled?: boolean | undefined;
  readonly OrganizationEnabled?: boolean | undefined;
  readonly RetentionPeriod?: number | undefined;
  readonly TerminationProtectionEnabled?: boolean | undefined;
  readonly TagsList?: readonly Tag[] | undefined;
  readonly CreatedTimestamp?: number | undefined;
  readonly UpdatedTimestamp?: number | undefined;
  readonly KmsKeyId?: string | undefined;
  readonly BillingMode?: "EXTENDABLE_RETENTION_PRICING" | "FIXED_RETENTION_PRICING" | undefined;
}

interface CreateTrailRequest {
  readonly Name: string;
  readonly S3BucketName: string;
  readonly S3KeyPrefix?: string;
  readonly SnsTopicName?: string;
  readonly IncludeGlobalServiceEvents?: boolean;
  readonly IsMultiRegionTrail?: boolean;
  readonly EnableLogFileValidation?: boolean;
  readonly CloudWatchLogsLogGroupArn?: string;
  readonly CloudWatchLogsRoleArn?: string;
  readonly KmsKeyId?: string;
  readonly IsOrganizationTrail?: boolean;
  readonly TagsList?: readonly Tag[];
  readonly RecursiveLogging?: boolean;
}

interface CreateTrailResponse {
  readonly Name?: string | undefined;
  readonly S3BucketName?: string | undefined;
  readonly S3KeyPrefix?: string | undefined;
  readonly SnsTopicName?: string | undefined;
  readonly SnsTopicARN?: string | undefined;
  readonly IncludeGlobalServiceEvents?: boolean | undefined;
  readonly IsMultiRegionTrail?: boolean | undefined;
  readonly TrailARN?: string | undefined;
  readonly LogFileValidationEnabled?: boolean | undefined;
  readonly CloudWatchLogsLogGroupArn?: string | undefined;
  readonly CloudWatchLogsRoleArn?: string | undefined;
  readonly KmsKeyId?: string | undefined;
  readonly IsOrganizationTrail?: boolean | undefined;
  readonly RecursiveLogging?: boolean | undefined;
}

interface DashboardDetail {
  readonly DashboardArn?: string | undefined;
  readonly Type?: "MANAGED" | "CUSTOM" | undefined;
}

interface DataResource {
  readonly Type?: string;
  readonly Values?: readonly string[];
}

interface DeleteChannelRequest {
  readonly Channel: string;
}

type DeleteChannelResponse = Readonly<Record<string, never>>;

interface DeleteDashboardRequest {
  readonly DashboardId: string;
}

type DeleteDashboardResponse = Readonly<Record<string, never>>;

interface DeleteEventDataStoreRequest {
  readonly EventDataStore: string;
}

type DeleteEventDataStoreResponse = Readonly<Record<string, never>>;

interface DeleteResourcePolicyRequest {
  readonly ResourceArn: string;
}

type DeleteResourcePolicyResponse = Readonly<Record<string, never>>;

interface DeleteTrailRequest {
  readonly Name: string;
}

type DeleteTrailResponse = Readonly<Record<string, never>>;

interface DeregisterOrganizationDelegatedAdminRequest {
  readonly DelegatedAdminAccountId: string;
}

type DeregisterOrganizationDelegatedAdminResponse = Readonly<Record<string, never>>;

interface DescribeQueryRequest {
  readonly EventDataStore?: string;
  readonly QueryId?: string;
  readonly QueryAlias?: string;
  readonly RefreshId?: string;
  readonly EventDataStoreOwnerAccountId?: string;
}

interface DescribeQueryResponse {
  readonly QueryId?: string | undefined;
  readonly QueryString?: string | undefined;
  readonly QueryStatus?: "QUEUED" | "RUNNING" | "FINISHED" | "FAILED" | "CANCELLED" | "TIMED_OUT" | undefined;
  readonly QueryStatistics?: QueryStatisticsForDescribeQuery | undefined;
  readonly ErrorMessage?: string | undefined;
  readonly DeliveryS3Uri?: string | undefined;
  readonly DeliveryStatus?:
    | "SUCCESS"
    | "FAILED"
    | "FAILED_SIGNING_FILE"
    | "PENDING"
    | "RESOURCE_NOT_FOUND"
    | "ACCESS_DENIED"
    | "ACCESS_DENIED_SIGNING_FILE"
    | "CANCELLED"
    | "UNKNOWN"
    | undefined;
  readonly Prompt?: string | undefined;
  readonly EventDataStoreOwnerAccountId?: string | undefined;
}

interface DescribeTrailsRequest {
  readonly trailNameList?: readonly string[];
  readonly includeShadowTrails?: boolean;
}

interface DescribeTrailsResponse {
  readonly trailList?: readonly Trail[] | undefined;
}

interface Destination {
  readonly Type: "EVENT_DATA_STORE" | "AWS_SERVICE";
  readonly Location: string;
}

interface DisableFederationRequest {
  readonly EventDataStore: string;
}

interface DisableFederationResponse {
  readonly EventDataStoreArn?: string | undefined;
  readonly FederationStatus?: "ENABLING" | "ENABLED" | "DISABLING" | "DISABLED" | undefined;
}

interface EnableFederationRequest {
  readonly EventDataStore: string;
  readonly FederationRoleArn: string;
}

interface EnableFederationResponse {
  readonly EventDataStoreArn?: string | undefined;
  readonly FederationStatus?: "ENABLING" | "ENABLED" | "DISABLING" | "DISABLED" | undefined;
  readonly FederationRoleArn?: string | undefined;
}

interface Event {
  readonly EventId?: string | undefined;
  readonly EventName?: string | undefined;
  readonly ReadOnly?: string | undefined;
  readonly AccessKeyId?: string | undefined;
  readonly EventTime?: number | undefined;
  readonly EventSource?: string | undefined;
  readonly Username?: string | undefined;
  readonly Resources?: readonly Resource[] | undefined;
  readonly CloudTrailEvent?: string | undefined;
}

interface EventDataStore {
  readonly EventDataStoreArn?: string | undefined;
  readonly Name?: string | undefined;
  readonly TerminationProtectionEnabled?: boolean | undefined;
  readonly Status?:
    | "CREATED"
    | "ENABLED"
    | "PENDING_DELETION"
    | "STARTING_INGESTION"
    | "STOPPING_INGESTION"
    | "STOPPED_INGESTION"
    | undefined;
  readonly AdvancedEventSelectors?: readonly AdvancedEventSelector[] | undefined;
  readonly MultiRegionEnabled?: boolean | undefined;
  readonly OrganizationEnabled?: boolean | undefined;
  readonly RetentionPeriod?: number | undefined;
  readonly CreatedTimestamp?: number | undefined;
  readonly UpdatedTimestamp?: number | undefined;
}

interface EventSelector {
  readonly ReadWriteType?: "ReadOnly" | "WriteOnly" | "All";
  readonly IncludeManagementEvents?: boolean;
  readonly DataResources?: readonly DataResource[];
  readonly ExcludeManagementEventSources?: readonly string[];
}

interface GenerateQueryRequest {
  readonly EventDataStores: readonly string[];
  readonly Prompt: string;
}

interface GenerateQueryResponse {
  readonly QueryStatement?: string | undefined;
  readonly QueryAlias?: string | undefined;
  readonly EventDataStoreOwnerAccountId?: string | undefined;
}

interface GetChannelRequest {
  readonly Channel: string;
}

interface GetChannelResponse {
  readonly ChannelArn?: string | undefined;
  readonly Name?: string | undefined;
  readonly Source?: string | undefined;
  readonly SourceConfig?: SourceConfig | undefined;
  readonly Destinations?: readonly Destination[] | undefined;
  readonly IngestionStatus?: IngestionStatus | undefined;
}

interface GetDashboardRequest {
  readonly DashboardId: string;
}

interface GetDashboardResponse {
  readonly DashboardArn?: string | undefined;
  readonly Type?: "MANAGED" | "CUSTOM" | undefined;
  readonly Status?: "CREATING" | "CREATED" | "UPDATING" | "UPDATED" | "DELETING" | undefined;
  readonly Widgets?: readonly Widget[] | undefined;
  readonly RefreshSchedule?: RefreshSchedule | undefined;
  readonly CreatedTimestamp?: number | undefined;
  readonly UpdatedTimestamp?: number | undefined;
  readonly LastRefreshId?: string | undefined;
  readonly LastRefreshFailureReason?: string | undefined;
  readonly TerminationProtectionEnabled?: boolean | undefined;
}

interface GetEventConfigurationRequest {
  readonly TrailName?: string;
  readonly EventDataStore?: string;
}

interface GetEventConfigurationResponse {
  readonly TrailARN?: string | undefined;
  readonly EventDataStoreArn?: string | undefined;
  readonly MaxEventSize?: "Standard" | "Large" | undefined;
  readonly ContextKeySelectors?: readonly ContextKeySelector[] | undefined;
  readonly AggregationConfigurations?: readonly AggregationConfiguration[] | undefined;
}

interface GetEventDataStoreRequest {
  readonly EventDataStore: string;
}

interface GetEventDataStoreResponse {
  readonly EventDataStoreArn?: string | undefined;
  readonly Name?: string | undefined;
  readonly Status?:
    | "CREATED"
    | "ENABLED"
    | "PENDING_DELETION"
    | "STARTING_INGESTION"
    | "STOPPING_INGESTION"
    | "STOPPED_INGESTION"
    | undefined;
  readonly AdvancedEventSelectors?: readonly AdvancedEventSelector[] | undefined;
  readonly MultiRegionEnabled?: boolean | undefined;
  readonly OrganizationEnabled?: boolean | undefined;
  readonly RetentionPeriod?: number | undefined;
  readonly TerminationProtectionEnabled?: boolean | undefined;
  readonly CreatedTimestamp?: number | undefined;
  readonly UpdatedTimestamp?: number | undefined;
  readonly KmsKeyId?: string | undefined;
  readonly BillingMode?: "EXTENDABLE_RETENTION_PRICING" | "FIXED_RETENTION_PRICING" | undefined;
  readonly FederationStatus?: "ENABLING" | "ENABLED" | "DISABLING" | "DISABLED" | undefined;
  readonly FederationRoleArn?: string | undefined;
  readonly PartitionKeys?: readonly PartitionKey[] | undefined;
}

interface GetEventSelectorsRequest {
  readonly TrailName: string;
}

interface GetEventSelectorsResponse {
  readonly TrailARN?: string | undefined;
  readonly EventSelectors?: readonly EventSelector[] | undefined;
  readonly AdvancedEventSelectors?: readonly AdvancedEventSelector[] | undefined;
}

interface GetImportRequest {
  readonly ImportId: string;
}

interface GetImportResponse {
  readonly ImportId?: string | undefined;
  readonly Destinations?: readonly string[] | undefined;
  readonly ImportSource?: ImportSource | undefined;
  readonly StartEventTime?: number | undefined;
  readonly EndEventTime?: number | undefined;
  readonly ImportStatus?: "INITIALIZING" | "IN_PROGRESS" | "FAILED" | "STOPPED" | "COMPLETED" | undefined;
  readonly CreatedTimestamp?: number | undefined;
  readonly UpdatedTimestamp?: number | undefined;
  readonly ImportStatistics?: ImportStatistics | undefined;
}

interface GetInsightSelectorsRequest {
  readonly TrailName?: string;
  readonly EventDataStore?: string;
}

interface GetInsightSelectorsResponse {
  readonly TrailARN?: string | undefined;
  readonly InsightSelectors?: readonly InsightSelector[] | undefined;
  readonly EventDataStoreArn?: string | undefined;
  readonly InsightsDestination?: string | undefined;
}

interface GetQueryResultsRequest {
  readonly EventDataStore?: string;
  readonly QueryId: string;
  readonly NextToken?: string;
  readonly MaxQueryResults?: number;
  readonly EventDataStoreOwnerAccountId?: string;
}

interface GetQueryResultsResponse {
  readonly QueryStatus?: "QUEUED" | "RUNNING" | "FINISHED" | "FAILED" | "CANCELLED" | "TIMED_OUT" | undefined;
  readonly QueryStatistics?: QueryStatistics | undefined;
  readonly QueryResultRows?: readonly (readonly Readonly<Record<string, string>>[])[] | undefined;
  readonly NextToken?: string | undefined;
  readonly ErrorMessage?: string | undefined;
}

interface GetResourcePolicyRequest {
  readonly ResourceArn: string;
}

interface GetResourcePolicyResponse {
  readonly ResourceArn?: string | undefined;
  readonly ResourcePolicy?: string | undefined;
  readonly DelegatedAdminResourcePolicy?: string | undefined;
}

interface GetTrailRequest {
  readonly Name: string;
}

interface GetTrailResponse {
  readonly Trail?: Trail | undefined;
}

interface GetTrailStatusRequest {
  readonly Name: string;
}

interface GetTrailStatusResponse {
  readonly IsLogging?: boolean | undefined;
  readonly LatestDeliveryError?: string | undefined;
  readonly LatestNotificationError?: string | undefined;
  readonly LatestDeliveryTime?: number | undefined;
  readonly LatestNotificationTime?: number | undefined;
  readonly StartLoggingTime?: number | undefined;
  readonly StopLoggingTime?: number | undefined;
  readonly LatestCloudWatchLogsDeliveryError?: string | undefined;
  readonly LatestCloudWatchLogsDeliveryTime?: number | undefined;
  readonly LatestDigestDeliveryTime?: number | undefined;
  readonly LatestDigestDeliveryError?: string | undefined;
  readonly LatestDeliveryAttemptTime?: string | undefined;
  readonly LatestNotificationAttemptTime?: string | undefined;
  readonly LatestNotificationAttemptSucceeded?: string | undefined;
  readonly LatestDeliveryAttemptSucceeded?: string | undefined;
  readonly TimeLoggingStarted?: string | undefined;
  readonly TimeLoggingStopped?: string | undefined;
}

interface ImportFailureListItem {
  readonly Location?: string | undefined;
  readonly Status?: "FAILED" | "RETRY" | "SUCCEEDED" | undefined;
  readonly ErrorType?: string | undefined;
  readonly ErrorMessage?: string | undefined;
  readonly LastUpdatedTime?: number | undefined;
}

interface ImportSource {
  readonly S3: S3ImportSource;
}

interface ImportStatistics {
  readonly PrefixesFound?: number | undefined;
  readonly PrefixesCompleted?: number | undefined;
  readonly FilesCompleted?: number | undefined;
  readonly EventsCompleted?: number | undefined;
  readonly FailedEntries?: number | undefined;
}

interface ImportsListItem {
  readonly ImportId?: string | undefined;
  readonly ImportStatus?: "INITIALIZING" | "IN_PROGRESS" | "FAILED" | "STOPPED" | "COMPLETED" | undefined;
  readonly Destinations?: readonly string[] | undefined;
  readonly CreatedTimestamp?: number | undefined;
  readonly UpdatedTimestamp?: number | undefined;
}

interface IngestionStatus {
  readonly LatestIngestionSuccessTime?: number | undefined;
  readonly LatestIngestionSuccessEventID?: string | undefined;
  readonly LatestIngestionErrorCode?: string | undefined;
  readonly LatestIngestionAttemptTime?: number | undefined;
  readonly LatestIngestionAttemptEventID?: string | undefined;
}

interface InsightSelector {
  readonly InsightType?: "ApiCallRateInsight" | "ApiErrorRateInsight";
  readonly EventCategories?: readonly ("Management" | "Data")[];
}

interface ListChannelsRequest {
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

interface ListChannelsResponse {
  readonly Channels?: readonly Channel[] | undefined;
  readonly NextToken?: string | undefined;
}

interface ListDashboardsRequest {
  readonly NamePrefix?: string;
  readonly Type?: "MANAGED" | "CUSTOM";
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

interface ListDashboardsResponse {
  readonly Dashboards?: readonly DashboardDetail[] | undefined;
  readonly NextToken?: string | undefined;
}

interface ListEventDataStoresRequest {
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

interface ListEventDataStoresResponse {
  readonly EventDataStores?: readonly EventDataStore[] | undefined;
  readonly NextToken?: string | undefined;
}

interface ListImportFailuresRequest {
  readonly ImportId: string;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

interface ListImportFailuresResponse {
  readonly Failures?: readonly ImportFailureListItem[] | undefined;
  readonly NextToken?: string | undefined;
}

interface ListImportsRequest {
  readonly MaxResults?: number;
  readonly Destination?: string;
  readonly ImportStatus?: "INITIALIZING" | "IN_PROGRESS" | "FAILED" | "STOPPED" | "COMPLETED";
  readonly NextToken?: string;
}

interface ListImportsResponse {
  readonly Imports?: readonly ImportsListItem[] | undefined;
  readonly NextToken?: string | undefined;
}

interface ListInsightsDataRequest {
  readonly InsightSource: string;
  readonly DataType: "InsightsEvents";
  readonly Dimensions?: Readonly<Record<string, string>>;
  readonly StartTime?: number;
  readonly EndTime?: number;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

interface ListInsightsDataResponse {
  readonly Events?: readonly Event[] | undefined;
  readonly NextToken?: string | undefined;
}

interface ListInsightsMetricDataRequest {
  readonly TrailName?: string;
  readonly EventSource: string;
  readonly EventName: string;
  readonly InsightType: "ApiCallRateInsight" | "ApiErrorRateInsight";
  readonly ErrorCode?: string;
  readonly StartTime?: number;
  readonly EndTime?: number;
  readonly Period?: number;
  readonly DataType?: "FillWithZeros" | "NonZeroData";
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

interface ListInsightsMetricDataResponse {
  readonly TrailARN?: string | undefined;
  readonly EventSource?: string | undefined;
  readonly EventName?: string | undefined;
  readonly InsightType?: "ApiCallRateInsight" | "ApiErrorRateInsight" | undefined;
  readonly ErrorCode?: string | undefined;
  readonly Timestamps?: readonly number[] | undefined;
  readonly Values?: readonly number[] | undefined;
  readonly NextToken?: string | undefined;
}

interface ListPublicKeysRequest {
  readonly StartTime?: number;
  readonly EndTime?: number;
  readonly NextToken?: string;
}

interface ListPublicKeysResponse {
  readonly PublicKeyList?: readonly PublicKey[] | undefined;
  readonly NextToken?: string | undefined;
}

interface ListQueriesRequest {
  readonly EventDataStore: string;
  readonly NextToken?: string;
  readonly MaxResults?: number;
  readonly StartTime?: number;
  readonly EndTime?: number;
  readonly QueryStatus?: "QUEUED" | "RUNNING" | "FINISHED" | "FAILED" | "CANCELLED" | "TIMED_OUT";
}

interface ListQueriesResponse {
  readonly Queries?: readonly Query[] | undefined;
  readonly NextToken?: string | undefined;
}

interface ListTagsRequest {
  readonly ResourceIdList: readonly string[];
  readonly NextToken?: string;
}

interface ListTagsResponse {
  readonly ResourceTagList?: readonly ResourceTag[] | undefined;
  readonly NextToken?: string | undefined;
}

interface ListTrailsRequest {
  readonly NextToken?: string;
}

interface ListTrailsResponse {
  readonly Trails?: readonly TrailInfo[] | undefined;
  readonly NextToken?: string | undefined;
}

interface LookupAttribute {
  readonly AttributeKey:
    | "EventId"
    | "EventName"
    | "ReadOnly"
    | "Username"
    | "ResourceType"
    | "ResourceName"
    | "EventSource"
    | "AccessKeyId";
  readonly AttributeValue: string;
}

interface LookupEventsRequest {
  readonly LookupAttributes?: readonly LookupAttribute[];
  readonly StartTime?: number;
  readonly EndTime?: number;
  readonly EventCategory?: "insight";
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

interface LookupEventsResponse {
  readonly Events?: readonly Event[] | undefined;
  readonly NextToken?: string | undefined;
}

interface PartitionKey {
  readonly Name: string;
  readonly Type: string;
}

interface PublicKey {
  readonly Value?: string | undefined;
  readonly ValidityStartTime?: number | undefined;
  readonly ValidityEndTime?: number | undefined;
  readonly Fingerprint?: string | undefined;
}

interface PutEventConfigurationRequest {
  readonly TrailName?: string;
  readonly EventDataStore?: string;
  readonly MaxEventSize?: "Standard" | "Large";
  readonly ContextKeySelectors?: readonly ContextKeySelector[];
  readonly AggregationConfigurations?: readonly AggregationConfiguration[];
}

interface PutEventConfigurationResponse {
  readonly TrailARN?: string | undefined;
  readonly EventDataStoreArn?: string | undefined;
  readonly MaxEventSize?: "Standard" | "Large" | undefined;
  readonly ContextKeySelectors?: readonly ContextKeySelector[] | undefined;
  readonly AggregationConfigurations?: readonly AggregationConfiguration[] | undefined;
}

interface PutEventSelectorsRequest {
  readonly TrailName: string;
  readonly EventSelectors?: readonly EventSelector[];
  readonly AdvancedEventSelectors?: readonly AdvancedEventSelector[];
}

interface PutEventSelectorsResponse {
  readonly TrailARN?: string | undefined;
  readonly EventSelectors?: readonly EventSelector[] | undefined;
  readonly AdvancedEventSelectors?: readonly AdvancedEventSelector[] | undefined;
}

interface PutInsightSelectorsRequest {
  readonly TrailName?: string;
  readonly InsightSelectors: readonly InsightSelector[];
  readonly EventDataStore?: string;
  readonly InsightsDestination?: string;
}

interface PutInsightSelectorsResponse {
  readonly TrailARN?: string | undefined;
  readonly InsightSelectors?: readonly InsightSelector[] | undefined;
  readonly EventDataStoreArn?: string | undefined;
  readonly InsightsDestination?: string | undefined;
}

interface PutResourcePolicyRequest {
  readonly ResourceArn: string;
  readonly ResourcePolicy: string;
}

interface PutResourcePolicyResponse {
  readonly ResourceArn?: string | undefined;
  readonly ResourcePolicy?: string | undefined;
  readonly DelegatedAdminResourcePolicy?: string | undefined;
}

interface Query {
  readonly QueryId?: string | undefined;
  readonly QueryStatus?: "QUEUED" | "RUNNING" | "FINISHED" | "FAILED" | "CANCELLED" | "TIMED_OUT" | undefined;
  readonly CreationTime?: number | undefined;
}

interface QueryStatistics {
  readonly ResultsCount?: number | undefined;
  readonly TotalResultsCount?: number | undefined;
  readonly BytesScanned?: number | undefined;
}

interface QueryStatisticsForDescribeQuery {
  readonly EventsMatched?: number | undefined;
  readonly EventsScanned?: number | undefined;
  readonly BytesScanned?: number | undefined;
  readonly ExecutionTimeInMillis?: number | undefined;
  readonly CreationTime?: number | undefined;
}

interface RefreshSchedule {
  readonly Frequency?: RefreshScheduleFrequency;
  readonly Status?: "ENABLED" | "DISABLED";
  readonly TimeOfDay?: string;
}

interface RefreshScheduleFrequency {
  readonly Unit?: "HOURS" | "DAYS";
  readonly Value?: number;
}

interface RegisterOrganizationDelegatedAdminRequest {
  readonly MemberAccountId: string;
}

type RegisterOrganizationDelegatedAdminResponse = Readonly<Record<string, never>>;

interface RemoveTagsRequest {
  readonly ResourceId: string;
  readonly TagsList: readonly Tag[];
}

type RemoveTagsResponse = Readonly<Record<string, never>>;

interface RequestWidget {
  readonly QueryStatement: string;
  readonly QueryParameters?: readonly string[];
  readonly ViewProperties: Readonly<Record<string, string>>;
}

interface Resource {
  readonly ResourceType?: string | undefined;
  readonly ResourceName?: string | undefined;
}

interface ResourceTag {
  readonly ResourceId?: string | undefined;
  readonly TagsList?: readonly Tag[] | undefined;
}

interface RestoreEventDataStoreRequest {
  readonly EventDataStore: string;
}

interface RestoreEventDataStoreResponse {
  readonly EventDataStoreArn?: string | undefined;
  readonly Name?: string | undefined;
  readonly Status?:
    | "CREATED"
    | "ENABLED"
    | "PENDING_DELETION"
    | "STARTING_INGESTION"
    | "STOPPING_INGESTION"
    | "STOPPED_INGESTION"
    | undefined;
  readonly AdvancedEventSelectors?: readonly AdvancedEventSelector[] | undefined;
  readonly MultiRegionEnabled?: boolean | undefined;
  readonly OrganizationEnabled?: boolean | undefined;
  readonly RetentionPeriod?: number | undefined;
  readonly TerminationProtectionEnabled?: boolean | undefined;
  readonly CreatedTimestamp?: number | undefined;
  readonly UpdatedTimestamp?: number | undefined;
  readonly KmsKeyId?: string | undefined;
  readonly BillingMode?: "EXTENDABLE_RETENTION_PRICING" | "FIXED_RETENTION_PRICING" | undefined;
}

interface S3ImportSource {
  readonly S3LocationUri: string;
  readonly S3BucketRegion: string;
  readonly S3BucketAccessRoleArn: string;
}

interface SearchSampleQueriesRequest {
  readonly SearchPhrase: string;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

interface SearchSampleQueriesResponse {
  readonly SearchResults?: readonly SearchSampleQueriesSearchResult[] | undefined;
  readonly NextToken?: string | undefined;
}

interface SearchSampleQueriesSearchResult {
  readonly Name?: string | undefined;
  readonly Description?: string | undefined;
  readonly SQL?: string | undefined;
  readonly Relevance?: number | undefined;
}

interface SourceConfig {
  readonly ApplyToAllRegions?: boolean | undefined;
  readonly AdvancedEventSelectors?: readonly AdvancedEventSelector[] | undefined;
}

interface StartDashboardRefreshRequest {
  readonly DashboardId: string;
  readonly QueryParameterValues?: Readonly<Record<string, string>>;
}

interface StartDashboardRefreshResponse {
  readonly RefreshId?: string | undefined;
}

interface StartEventDataStoreIngestionRequest {
  readonly EventDataStore: string;
}

type StartEventDataStoreIngestionResponse = Readonly<Record<string, never>>;

interface StartImportRequest {
  readonly Destinations?: readonly string[];
  readonly ImportSource?: ImportSource;
  readonly StartEventTime?: number;
  readonly EndEventTime?: number;
  readonly ImportId?: string;
}

interface StartImportResponse {
  readonly ImportId?: string | undefined;
  readonly Destinations?: readonly string[] | undefined;
  readonly ImportSource?: ImportSource | undefined;
  readonly StartEventTime?: number | undefined;
  readonly EndEventTime?: number | undefined;
  readonly ImportStatus?: "INITIALIZING" | "IN_PROGRESS" | "FAILED" | "STOPPED" | "COMPLETED" | undefined;
  readonly CreatedTimestamp?: number | undefined;
  readonly UpdatedTimestamp?: number | undefined;
}

interface StartLoggingRequest {
  readonly Name: string;
}

type StartLoggingResponse = Readonly<Record<string, never>>;

interface StartQueryRequest {
  readonly QueryStatement?: string;
  readonly DeliveryS3Uri?: string;
  readonly QueryAlias?: string;
  readonly QueryParameters?: readonly string[];
  readonly EventDataStoreOwnerAccountId?: string;
}

interface StartQueryResponse {
  readonly QueryId?: string | undefined;
  readonly EventDataStoreOwnerAccountId?: string | undefined;
}

interface StopEventDataStoreIngestionRequest {
  readonly EventDataStore: string;
}

type StopEventDataStoreIngestionResponse = Readonly<Record<string, never>>;

interface StopImportRequest {
  readonly ImportId: string;
}

interface StopImportResponse {
  readonly ImportId?: string | undefined;
  readonly ImportSource?: ImportSource | undefined;
  readonly Destinations?: readonly string[] | undefined;
  readonly ImportStatus?: "INITIALIZING" | "IN_PROGRESS" | "FAILED" | "STOPPED" | "COMPLETED" | undefined;
  readonly CreatedTimestamp?: number | undefined;
  readonly UpdatedTimestamp?: number | undefined;
  readonly StartEventTime?: number | undefined;
  readonly EndEventTime?: number | undefined;
  readonly ImportStatistics?: ImportStatistics | undefined;
}

interface StopLoggingRequest {
  readonly Name: string;
}

type StopLoggingResponse = Readonly<Record<string, never>>;

interface Tag {
  readonly Key: string;
  readonly Value?: string;
}

interface Trail {
  readonly Name?: string | undefined;
  readonly S3BucketName?: string | undefined;
  readonly S3KeyPrefix?: string | undefined;
  readonly SnsTopicName?: string | undefined;
  readonly SnsTopicARN?: string | undefined;
  readonly IncludeGlobalServiceEvents?: boolean | undefined;
  readonly IsMultiRegionTrail?: boolean | undefined;
  readonly HomeRegion?: string | undefined;
  readonly TrailARN?: string | undefined;
  readonly LogFileValidationEnabled?: boolean | undefined;
  readonly CloudWatchLogsLogGroupArn?: string | undefined;
  readonly CloudWatchLogsRoleArn?: string | undefined;
  readonly KmsKeyId?: string | undefined;
  readonly HasCustomEventSelectors?: boolean | undefined;
  readonly HasInsightSelectors?: boolean | undefined;
  readonly IsOrganizationTrail?: boolean | undefined;
  readonly RecursiveLogging?: boolean | undefined;
}

interface TrailInfo {
  readonly TrailARN?: string | undefined;
  readonly Name?: string | undefined;
  readonly HomeRegion?: string | undefined;
}

interface UpdateChannelRequest {
  readonly Channel: string;
  readonly Destinations?: readonly Destination[];
  readonly Name?: string;
}

interface UpdateChannelResponse {
  readonly ChannelArn?: string | undefined;
  readonly Name?: string | undefined;
  readonly Source?: string | undefined;
  readonly Destinations?: readonly Destination[] | undefined;
}

interface UpdateDashboardRequest {
  readonly DashboardId: string;
  readonly Widgets?: readonly RequestWidget[];
  readonly RefreshSchedule?: RefreshSchedule;
  readonly TerminationProtectionEnabled?: boolean;
}

interface UpdateDashboardResponse {
  readonly DashboardArn?: string | undefined;
  readonly Name?: string | undefined;
  readonly Type?: "MANAGED" | "CUSTOM" | undefined;
  readonly Widgets?: readonly Widget[] | undefined;
  readonly RefreshSchedule?: RefreshSchedule | undefined;
  readonly TerminationProtectionEnabled?: boolean | undefined;
  readonly CreatedTimestamp?: number | undefined;
  readonly UpdatedTimestamp?: number | undefined;
}

interface UpdateEventDataStoreRequest {
  readonly EventDataStore: string;
  readonly Name?: string;
  readonly AdvancedEventSelectors?: readonly AdvancedEventSelector[];
  readonly MultiRegionEnabled?: boolean;
  readonly OrganizationEnabled?: boolean;
  readonly RetentionPeriod?: number;
  readonly TerminationProtectionEnabled?: boolean;
  readonly KmsKeyId?: string;
  readonly BillingMode?: "EXTENDABLE_RETENTION_PRICING" | "FIXED_RETENTION_PRICING";
}

interface UpdateEventDataStoreResponse {
  readonly EventDataStoreArn?: string | undefined;
  readonly Name?: string | undefined;
  readonly Status?:
    | "CREATED"
    | "ENABLED"
    | "PENDING_DELETION"
    | "STARTING_INGESTION"
    | "STOPPING_INGESTION"
    | "STOPPED_INGESTION"
    | undefined;
  readonly AdvancedEventSelectors?: readonly AdvancedEventSelector[] | undefined;
  readonly MultiRegionEnabled?: boolean | undefined;
  readonly OrganizationEnabled?: boolean | undefined;
  readonly RetentionPeriod?: number | undefined;
  readonly TerminationProtectionEnabled?: boolean | undefined;
  readonly CreatedTimestamp?: number | undefined;
  readonly UpdatedTimestamp?: number | undefined;
  readonly KmsKeyId?: string | undefined;
  readonly BillingMode?: "EXTENDABLE_RETENTION_PRICING" | "FIXED_RETENTION_PRICING" | undefined;
  readonly FederationStatus?: "ENABLING" | "ENABLED" | "DISABLING" | "DISABLED" | undefined;
  readonly FederationRoleArn?: string | undefined;
}

interface UpdateTrailRequest {
  readonly Name: string;
  readonly S3BucketName?: string;
  readonly S3KeyPrefix?: string;
  readonly SnsTopicName?: string;
  readonly IncludeGlobalServiceEvents?: boolean;
  readonly IsMultiRegionTrail?: boolean;
  readonly EnableLogFileValidation?: boolean;
  readonly CloudWatchLogsLogGroupArn?: string;
  readonly CloudWatchLogsRoleArn?: string;
  readonly KmsKeyId?: string;
  readonly IsOrganizationTrail?: boolean;
  readonly RecursiveLogging?: boolean;
}

interface UpdateTrailResponse {
  readonly Name?: string | undefined;
  readonly S3BucketName?: string | undefined;
  readonly S3KeyPrefix?: string | undefined;
  readonly SnsTopicName?: string | undefined;
  readonly SnsTopicARN?: string | undefined;
  readonly IncludeGlobalServiceEvents?: boolean | undefined;
  readonly IsMultiRegionTrail?: boolean | undefined;
  readonly TrailARN?: string | undefined;
  readonly LogFileValidationEnabled?: boolean | undefined;
  readonly CloudWatchLogsLogGroupArn?: string | undefined;
  readonly CloudWatchLogsRoleArn?: string | undefined;
  readonly KmsKeyId?: string | undefined;
  readonly IsOrganizationTrail?: boolean | undefined;
  readonly RecursiveLogging?: boolean | undefined;
}

interface Widget {
  readonly QueryAlias?: string | undefined;
  readonly QueryStatement?: string | undefined;
  readonly QueryParameters?: readonly string[] | undefined;
  readonly ViewProperties?: Readonly<Record<string, string>> | undefined;
}

/** What each operation takes. */
export interface OperationInputs {
  readonly AddTags: AddTagsRequest;
  readonly CancelQuery: CancelQueryRequest;
  readonly CreateChannel: CreateChannelRequest;
  readonly CreateDashboard: CreateDashboardRequest;
  readonly CreateEventDataStore: CreateEventDataStoreRequest;
  readonly CreateTrail: CreateTrailRequest;
  readonly DeleteChannel: DeleteChannelRequest;
  readonly DeleteDashboard: DeleteDashboardRequest;
  readonly DeleteEventDataStore: DeleteEventDataStoreRequest;
  readonly DeleteResourcePolicy: DeleteResourcePolicyRequest;
  readonly DeleteTrail: DeleteTrailRequest;
  readonly DeregisterOrganizationDelegatedAdmin: DeregisterOrganizationDelegatedAdminRequest;
  readonly DescribeQuery: DescribeQueryRequest;
  readonly DescribeTrails: DescribeTrailsRequest;
  readonly DisableFederation: DisableFederationRequest;
  readonly EnableFederation: EnableFederationRequest;
  readonly GenerateQuery: GenerateQueryRequest;
  readonly GetChannel: GetChannelRequest;
  readonly GetDashboard: GetDashboardRequest;
  readonly GetEventConfiguration: GetEventConfigurationRequest;
  readonly GetEventDataStore: GetEventDataStoreRequest;
  readonly GetEventSelectors: GetEventSelectorsRequest;
  readonly GetImport: GetImportRequest;
  readonly GetInsightSelectors: GetInsightSelectorsRequest;
  readonly GetQueryResults: GetQueryResultsRequest;
  readonly GetResourcePolicy: GetResourcePolicyRequest;
  readonly GetTrail: GetTrailRequest;
  readonly GetTrailStatus: GetTrailStatusRequest;
  readonly ListChannels: ListChannelsRequest;
  readonly ListDashboards: ListDashboardsRequest;
  readonly ListEventDataStores: ListEventDataStoresRequest;
  readonly ListImportFailures: ListImportFailuresRequest;
  readonly ListImports: ListImportsRequest;
  readonly ListInsightsData: ListInsightsDataRequest;
  readonly ListInsightsMetricData: ListInsightsMetricDataRequest;
  readonly ListPublicKeys: ListPublicKeysRequest;
  readonly ListQueries: ListQueriesRequest;
  readonly ListTags: ListTagsRequest;
  readonly ListTrails: ListTrailsRequest;
  readonly LookupEvents: LookupEventsRequest;
  readonly PutEventConfiguration: PutEventConfigurationRequest;
  readonly PutEventSelectors: PutEventSelectorsRequest;
  readonly PutInsightSelectors: PutInsightSelectorsRequest;
  readonly PutResourcePolicy: PutResourcePolicyRequest;
  readonly RegisterOrganizationDelegatedAdmin: RegisterOrganizationDelegatedAdminRequest;
  readonly RemoveTags: RemoveTagsRequest;
  readonly RestoreEventDataStore: RestoreEventDataStoreRequest;
  readonly SearchSampleQueries: SearchSampleQueriesRequest;
  readonly StartDashboardRefresh: StartDashboardRefreshRequest;
  readonly StartEventDataStoreIngestion: StartEventDataStoreIngestionRequest;
  readonly StartImport: StartImportRequest;
  readonly StartLogging: StartLoggingRequest;
  readonly StartQuery: StartQueryRequest;
  readonly StopEventDataStoreIngestion: StopEventDataStoreIngestionRequest;
  readonly StopImport: StopImportRequest;
  readonly StopLogging: StopLoggingRequest;
  readonly UpdateChannel: UpdateChannelRequest;
  readonly UpdateDashboard: UpdateDashboardRequest;
  readonly UpdateEventDataStore: UpdateEventDataStoreRequest;
  readonly UpdateTrail: UpdateTrailRequest;
}

/** What each operation answers. */
export interface OperationOutputs {
  readonly AddTags: AddTagsResponse;
  readonly CancelQuery: CancelQueryResponse;
  readonly CreateChannel: CreateChannelResponse;
  readonly CreateDashboard: CreateDashboardResponse;
  readonly CreateEventDataStore: CreateEventDataStoreResponse;
  readonly CreateTrail: CreateTrailResponse;
  readonly DeleteChannel: DeleteChannelResponse;
  readonly DeleteDashboard: DeleteDashboardResponse;
  readonly DeleteEventDataStore: DeleteEventDataStoreResponse;
  readonly DeleteResourcePolicy: DeleteResourcePolicyResponse;
  readonly DeleteTrail: DeleteTrailResponse;
  readonly DeregisterOrganizationDelegatedAdmin: DeregisterOrganizationDelegatedAdminResponse;
  readonly DescribeQuery: DescribeQueryResponse;
  readonly DescribeTrails: DescribeTrailsResponse;
  readonly DisableFederation: DisableFederationResponse;
  readonly EnableFederation: EnableFederationResponse;
  readonly GenerateQuery: GenerateQueryResponse;
  readonly GetChannel: GetChannelResponse;
  readonly GetDashboard: GetDashboardResponse;
  readonly GetEventConfiguration: GetEventConfigurationResponse;
  readonly GetEventDataStore: GetEventDataStoreResponse;
  readonly GetEventSelectors: GetEventSelectorsResponse;
  readonly GetImport: GetImportResponse;
  readonly GetInsightSelectors: GetInsightSelectorsResponse;
  readonly GetQueryResults: GetQueryResultsResponse;
  readonly GetResourcePolicy: GetResourcePolicyResponse;
  readonly GetTrail: GetTrailResponse;
  readonly GetTrailStatus: GetTrailStatusResponse;
  readonly ListChannels: ListChannelsResponse;
  readonly ListDashboards: ListDashboardsResponse;
  readonly ListEventDataStores: ListEventDataStoresResponse;
  readonly ListImportFailures: ListImportFailuresResponse;
  readonly ListImports: ListImportsResponse;
  readonly ListInsightsData: ListInsightsDataResponse;
  readonly ListInsightsMetricData: ListInsightsMetricDataResponse;
  readonly ListPublicKeys: ListPublicKeysResponse;
  readonly ListQueries: ListQueriesResponse;
  readonly ListTags: ListTagsResponse;
  readonly ListTrails: ListTrailsResponse;
  readonly LookupEvents: LookupEventsResponse;
  readonly PutEventConfiguration: PutEventConfigurationResponse;
  readonly PutEventSelectors: PutEventSelectorsResponse;
  readonly PutInsightSelectors: PutInsightSelectorsResponse;
  readonly PutResourcePolicy: PutResourcePolicyResponse;
  readonly RegisterOrganizationDelegatedAdmin: RegisterOrganizationDelegatedAdminResponse;
  readonly RemoveTags: RemoveTagsResponse;
  readonly RestoreEventDataStore: RestoreEventDataStoreResponse;
  readonly SearchSampleQueries: SearchSampleQueriesResponse;
  readonly StartDashboardRefresh: StartDashboardRefreshResponse;
  readonly StartEventDataStoreIngestion: StartEventDataStoreIngestionResponse;
  readonly StartImport: StartImportResponse;
  readonly StartLogging: StartLoggingResponse;
  readonly StartQuery: StartQueryResponse;
  readonly StopEventDataStoreIngestion: StopEventDataStoreIngestionResponse;
  readonly StopImport: StopImportResponse;
  readonly StopLogging: StopLoggingResponse;
  readonly UpdateChannel: UpdateChannelResponse;
  readonly UpdateDashboard: UpdateDashboardResponse;
  readonly UpdateEventDataStore: UpdateEventDataStoreResponse;
  readonly UpdateTrail: UpdateTrailResponse;
}
