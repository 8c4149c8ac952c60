import type { Hooks, Resource, Serverless, Template } from "./serverless.ts";

/** A message that waits this long says that its destination does not keep up, or does not answer. In seconds. */
const OLDEST_MESSAGE_SECONDS = 15 * 60;

/** Five-minute periods after which a digest that could not be made is late. */
const LATE_DIGEST_PERIODS = 6;

const PERIOD_SECONDS = 5 * 60;

interface Alarm {
  readonly id: string;
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly statistic: "Sum" | "Maximum";
  readonly dimensions: Readonly<Record<string, unknown>>;
  readonly threshold: number;
  readonly periods: number;
  /** `missing`: with no data at all the alarm goes off too, but not before there ever were any. */
  readonly missingData: "notBreaching" | "missing";
}

/**
 * Adds the alarms: for each queue the age of its oldest message, for each dead-letter queue that something is in it, for
 * each function errors and throttles, and digests that are late. They go to the topic that the parameter `alarmTopic`
 * names, or to one of the stack's. docs/operating.md says what each means.
 */
export default class Alarms {
  readonly hooks: Hooks;

  constructor(serverless: Serverless) {
    this.hooks = { "after:aws:package:finalize:mergeCustomProviderResources": () => addAlarms(serverless) };
  }
}

function addAlarms(serverless: Serverless): void {
  const { service } = serverless;
  const { compiledCloudFormationTemplate: template } = service.provider;
  const provider = serverless.getProvider("aws");
  const stackName = provider.naming.getStackName();
  const topic = service.custom.parameters.alarmTopic || addTopic(template, stackName);
  const ofType = (type: string) => Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
  const alarms = [
    ...ofType("AWS::SQS::Queue").map(([id, queue]) => queueAlarm(id, queue)),
    ...ofType("AWS::Lambda::Function").flatMap(([id]) => functionAlarms(id)),
    ...("digest-files" in service.functions ? [digestAlarm(provider.getStage())] : []),
  ];
  for (const alarm of alarms) template.Resources[`${alarm.id}Alarm`] = alarmResource(alarm, topic, stackName);
}

function addTopic(template: Template, stackName: string): unknown {
  template.Resources.AlarmTopic = {
    Type: "AWS::SNS::Topic",
    Properties: { TopicName: `${stackName}-alarms` },
  };
  template.Outputs.AlarmTopicArn = {
    Description: "Where alarms go: subscribe to it",
    Value: { Ref: "AlarmTopic" },
  };
  return { Ref: "AlarmTopic" };
}

function queueAlarm(id: string, { Properties }: Resource): Alarm {
  const dimensions = { QueueName: { "Fn::GetAtt": [id, "QueueName"] } };
  const common = {
    namespace: "AWS/SQS",
    statistic: "Maximum",
    dimensions,
    missingData: "notBreaching",
  } as const;
  return Properties.RedrivePolicy === undefined
    ? {
        ...common,
        id,
        description: "Messages were given up on: look at them, then send them again or delete them",
        metric: "ApproximateNumberOfMessagesVisible",
        threshold: 0,
        periods: 1,
      }
    : {
        ...common,
        id: `${id}Age`,
        description: "Messages wait for long: the destination does not answer, or does not keep up",
        metric: "ApproximateAgeOfOldestMessage",
        threshold: OLDEST_MESSAGE_SECONDS,
        periods: 1,
      };
}

function functionAlarms(id: string): readonly Alarm[] {
  const name = id.replace(/LambdaFunction$/, "");
  const common = {
    namespace: "AWS/Lambda",
    statistic: "Sum",
    dimensions: { FunctionName: { Ref: id } },
    threshold: 0,
    missingData: "notBreaching",
  } as const;
  return [
    {
      ...common,
      id: `${name}Errors`,
      description: "The function fails as a whole: see its log",
      metric: "Errors",
      periods: 2,
    },
    {
      ...common,
      id: `${name}Throttles`,
      description: "The account's or the function's concurrency is used up",
      metric: "Throttles",
      periods: 3,
    },
  ];
}

/** Digest files are made or not made at each run, and each run counts both: no count at all means that nothing runs. */
function digestAlarm(stage: string): Alarm {
  return {
    id: "DigestLate",
    description: "Digest files cannot be made, or their function does not run: see its log",
    namespace: "OpenTrail",
    metric: "DigestFilesFailed",
    statistic: "Maximum",
    dimensions: { service: `opentrail-${stage}` },
    threshold: 0,
    periods: LATE_DIGEST_PERIODS,
    missingData: "missing",
  };
}

function alarmResource(alarm: Alarm, topic: unknown, stackName: string): Resource {
  return {
    Type: "AWS::CloudWatch::Alarm",
    Properties: {
      AlarmName: `${stackName}-${alarm.id}`,
      AlarmDescription: alarm.description,
      Namespace: alarm.namespace,
      MetricName: alarm.metric,
      Dimensions: Object.entries(alarm.dimensions).map(([Name, Value]) => ({ Name, Value })),
      Statistic: alarm.statistic,
      Period: PERIOD_SECONDS,
      EvaluationPeriods: alarm.periods,
      Threshold: alarm.threshold,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: alarm.missingData,
      AlarmActions: [topic],
      OKActions: [topic],
      ...(alarm.missingData === "missing" && { InsufficientDataActions: [topic] }),
    },
  };
}
