import type { Caller } from "../../shared/api/http.ts";
import type { OperationName } from "../../shared/api/operation.ts";
import { as, MAIN, MEMBER, makeChannel, makeTrail, OTHERS, POLICY_OF_SHOP, SHOP } from "./error-cases.ts";

/** A call of the API, and whose it is. */
export type ApiCall = readonly [
  operation: OperationName,
  input: object,
  caller?: Partial<Caller> | undefined,
];

/** Every operation that OpenTrail has, in the world of `error-world.ts`: each call is done if those before it were. */
export const OPERATIONS_WALK: readonly ApiCall[] = [
  ["CreateTrail", { ...makeTrail, IsMultiRegionTrail: true, TagsList: [{ Key: "team", Value: "audit" }] }],
  ["UpdateTrail", { Name: "another", S3KeyPrefix: "all", EnableLogFileValidation: true }],
  ["StartLogging", { Name: "another" }],
  ["StopLogging", { Name: "another" }],
  ["GetTrail", { Name: "another" }],
  ["GetTrailStatus", { Name: "main" }],
  ["DescribeTrails", {}],
  ["DescribeTrails", { trailNameList: [MAIN], includeShadowTrails: false }, as(MEMBER)],
  ["ListTrails", {}],
  [
    "PutEventSelectors",
    {
      TrailName: "main",
      AdvancedEventSelectors: [
        {
          Name: "writes",
          FieldSelectors: [
            { Field: "eventCategory", Equals: ["Management"] },
            { Field: "readOnly", Equals: ["false"] },
          ],
        },
      ],
    },
  ],
  ["GetEventSelectors", { TrailName: "main" }],
  ["PutInsightSelectors", { TrailName: "main", InsightSelectors: [{ InsightType: "ApiErrorRateInsight" }] }],
  ["GetInsightSelectors", { TrailName: "main" }],
  ["PutEventConfiguration", { TrailName: "main", AggregationConfigurations: [] }],
  ["GetEventConfiguration", { TrailName: "main" }],
  ["AddTags", { ResourceId: MAIN, TagsList: [{ Key: "a", Value: "1" }, { Key: "b" }] }],
  ["RemoveTags", { ResourceId: MAIN, TagsList: [{ Key: "a" }] }],
  ["ListTags", { ResourceIdList: [MAIN] }],
  ["CreateChannel", makeChannel],
  ["UpdateChannel", { Channel: SHOP, Name: "the-shop" }],
  ["GetChannel", { Channel: SHOP }],
  ["ListChannels", { MaxResults: 2 }],
  ["PutResourcePolicy", { ResourceArn: SHOP, ResourcePolicy: POLICY_OF_SHOP }],
  ["GetResourcePolicy", { ResourceArn: SHOP }],
  ["DeleteResourcePolicy", { ResourceArn: SHOP }],
  ["DeleteChannel", { Channel: SHOP }],
  ["ListPublicKeys", {}],
  [
    "LookupEvents",
    { LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "RunInstances" }], MaxResults: 5 },
  ],
  ["DeregisterOrganizationDelegatedAdmin", { DelegatedAdminAccountId: OTHERS[0] }],
  ["RegisterOrganizationDelegatedAdmin", { MemberAccountId: OTHERS[0] }],
  ["DeleteTrail", { Name: "another" }],
];
