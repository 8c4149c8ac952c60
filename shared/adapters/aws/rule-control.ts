import {
  DeleteRuleCommand,
  type EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  ResourceNotFoundException,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-eventbridge";
import type { RuleControl, TargetFailure } from "../../ports/rule-control.ts";
import { batchesOf } from "./batches.ts";
import { busRuleHead, busTarget, eventBridgeTarget, tagList } from "./eventbridge-rules.ts";

/** Entries of one PutTargets or RemoveTargets: the API reference names ten. */
const MOST_ENTRIES = { entries: 10, bytes: Number.POSITIVE_INFINITY };

/** A page of a list of EventBridge's. */
interface Page {
  readonly NextToken?: string | undefined;
}

/** Rules of anything that speaks the EventBridge API: AWS itself, an emulator, or OpenTrail's embedded host. */
export function eventBridgeRuleControl(client: EventBridgeClient): RuleControl {
  return {
    async listBuses() {
      const pages = await allPages((NextToken) => client.send(new ListEventBusesCommand({ NextToken })));
      return pages
        .flatMap(({ EventBuses = [] }) => EventBuses)
        .map(({ Name = "", Arn = "" }) => ({ name: Name, arn: Arn }));
    },
    async listRules(eventBusName) {
      const pages = await allPages((NextToken) =>
        client.send(new ListRulesCommand({ EventBusName: eventBusName, NextToken })),
      );
      return pages.flatMap(({ Rules = [] }) => Rules).map((rule) => busRuleHead(rule, eventBusName));
    },
    async listTags(ruleArn) {
      const { Tags = [] } = await client.send(new ListTagsForResourceCommand({ ResourceARN: ruleArn }));
      return Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
    },
    async listTargets({ eventBusName, name }) {
      const pages = await allPages((NextToken) =>
        client.send(new ListTargetsByRuleCommand({ EventBusName: eventBusName, Rule: name, NextToken })),
      );
      return pages.flatMap(({ Targets = [] }) => Targets).map(busTarget);
    },
    async putRule(rule) {
      const request = {
        Name: rule.name,
        EventBusName: rule.eventBusName,
        EventPattern: rule.eventPattern,
        State: rule.state,
        ...(rule.description !== undefined && { Description: rule.description }),
        ...(rule.roleArn !== undefined && { RoleArn: rule.roleArn }),
      };
      // Of a rule that is there PutRule takes no tags: AWS ignores them.
      await client.send(new PutRuleCommand({ ...request, Tags: tagList(rule.tags) }));
    },
    async deleteRule({ eventBusName, name }) {
      try {
        await client.send(new DeleteRuleCommand({ EventBusName: eventBusName, Name: name }));
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
      }
    },
    async tagRule(ruleArn, tags) {
      await client.send(new TagResourceCommand({ ResourceARN: ruleArn, Tags: tagList(tags) }));
    },
    async untagRule(ruleArn, keys) {
      await client.send(new UntagResourceCommand({ ResourceARN: ruleArn, TagKeys: [...keys] }));
    },
    putTargets: ({ eventBusName, name }, targets) =>
      inBatches(targets, (batch) =>
        client.send(
          new PutTargetsCommand({
            EventBusName: eventBusName,
            Rule: name,
            Targets: batch.map(eventBridgeTarget),
          }),
        ),
      ),
    removeTargets: ({ eventBusName, name }, ids) =>
      inBatches(ids, (batch) =>
        client.send(new RemoveTargetsCommand({ EventBusName: eventBusName, Rule: name, Ids: batch })),
      ),
  };
}

async function allPages<P extends Page>(
  ask: (token: string | undefined) => Promise<P>,
): Promise<readonly P[]> {
  const pages: P[] = [];
  let token: string | undefined;
  do {
    const page: P = await ask(token);
    pages.push(page);
    token = page.NextToken;
  } while (token !== undefined && token !== "");
  return pages;
}

/** What PutTargets and RemoveTargets answer of entries that failed, the count of which AWS gives by itself. */
interface BatchAnswer {
  readonly FailedEntryCount?: number | undefined;
  readonly FailedEntries?:
    | readonly {
        readonly TargetId?: string | undefined;
        readonly ErrorCode?: string | undefined;
        readonly ErrorMessage?: string | undefined;
      }[]
    | undefined;
}

async function inBatches<T>(
  items: readonly T[],
  send: (batch: T[]) => Promise<BatchAnswer>,
): Promise<readonly TargetFailure[]> {
  const failures: TargetFailure[] = [];
  for (const batch of batchesOf(items, MOST_ENTRIES, () => 0)) {
    const { FailedEntryCount: count = 0, FailedEntries: entries = [] } = await send(batch);
    failures.push(
      ...entries.map(({ TargetId = "?", ErrorCode = "NoCode", ErrorMessage = "no message" }) => ({
        id: TargetId,
        errorCode: ErrorCode,
        errorMessage: ErrorMessage,
      })),
    );
    if (count > entries.length) {
      const errorMessage = `${count} entries failed, and EventBridge names ${entries.length} of them`;
      failures.push({ id: "?", errorCode: "NotNamed", errorMessage });
    }
  }
  return failures;
}
