import type { Hooks, Serverless, Template } from "./serverless.ts";

const PERIOD_SECONDS = 5 * 60;
/** A dashboard is a grid of 24 columns. */
const WIDGET = { width: 12, height: 6 };

interface Graph {
  readonly title: string;
  /** Metrics, or expressions that find them. */
  readonly metrics: readonly unknown[];
  readonly stat: "Sum" | "Maximum" | "p99";
}

/** Adds the CloudWatch dashboard: what comes in and goes out, what waits, what failed, how long functions take. */
export default class Dashboard {
  readonly hooks: Hooks;

  constructor(serverless: Serverless) {
    this.hooks = {
      "after:aws:package:finalize:mergeCustomProviderResources": () =>
        addDashboard(
          serverless.service.provider.compiledCloudFormationTemplate,
          serverless.getProvider("aws").getStage(),
        ),
    };
  }
}

function addDashboard(template: Template, stage: string): void {
  const graphs = [
    ...pipelineGraphs(stage),
    ...queueGraphs(template, stage),
    ...functionGraphs(template, stage),
  ];
  const widgets = graphs.map(({ title, metrics, stat }, index) => ({
    type: "metric",
    x: (index % 2) * WIDGET.width,
    y: Math.floor(index / 2) * WIDGET.height,
    ...WIDGET,
    properties: {
      title,
      metrics,
      stat,
      period: PERIOD_SECONDS,
      region: `\${AWS::Region}`,
      view: "timeSeries",
    },
  }));
  template.Resources.Dashboard = {
    Type: "AWS::CloudWatch::Dashboard",
    Properties: {
      DashboardName: { "Fn::Sub": `opentrail-${stage}-\${AWS::Region}` },
      DashboardBody: { "Fn::Sub": JSON.stringify({ widgets }) },
    },
  };
}

/** The counts that the functions write. */
function pipelineGraphs(stage: string): readonly Graph[] {
  const service = `opentrail-${stage}`;
  const byStage = (metric: string) => [
    {
      expression: `SEARCH('{OpenTrail,service,stage} service="${service}" MetricName="${metric}"', 'Sum', ${PERIOD_SECONDS})`,
      id: "records",
    },
  ];
  const digests = ["DigestFilesDelivered", "BackfillDigestFilesDelivered", "DigestFilesFailed"];
  return [
    { title: "Records delivered, by destination", metrics: [byStage("RecordsDelivered")], stat: "Sum" },
    { title: "Records failed, by destination", metrics: [byStage("RecordsFailed")], stat: "Sum" },
    {
      title: "Digest files",
      metrics: digests.map((metric) => ["OpenTrail", metric, "service", service]),
      stat: "Sum",
    },
  ];
}

function queueGraphs(template: Template, stage: string): readonly Graph[] {
  const names = Object.values(template.Resources)
    .filter(({ Type }) => Type === "AWS::SQS::Queue")
    .map(({ Properties }) => String(Properties.QueueName));
  const isDeadLetters = (name: string): boolean => name.endsWith("-dead-letters");
  const graph = (title: string, metric: string, queues: readonly string[]): Graph => ({
    title,
    metrics: queues.map((name) => [
      "AWS/SQS",
      metric,
      "QueueName",
      name,
      { label: name.replace(`opentrail-${stage}-`, "") },
    ]),
    stat: "Maximum",
  });
  const queues = names.filter((name) => !isDeadLetters(name));
  return [
    graph("Messages waiting", "ApproximateNumberOfMessagesVisible", queues),
    graph("Age of the oldest message, in seconds", "ApproximateAgeOfOldestMessage", queues),
    graph("Dead letters", "ApproximateNumberOfMessagesVisible", names.filter(isDeadLetters)),
  ];
}

function functionGraphs(template: Template, stage: string): readonly Graph[] {
  const names = Object.values(template.Resources)
    .filter(({ Type }) => Type === "AWS::Lambda::Function")
    .map(({ Properties }) => String(Properties.FunctionName));
  const graph = (title: string, metric: string, stat: Graph["stat"]): Graph => ({
    title,
    metrics: names.map((name) => [
      "AWS/Lambda",
      metric,
      "FunctionName",
      name,
      { label: name.replace(`opentrail-${stage}-`, "") },
    ]),
    stat,
  });
  return [
    graph("Errors", "Errors", "Sum"),
    graph("Throttles", "Throttles", "Sum"),
    graph("Duration, p99, in ms", "Duration", "p99"),
    graph("Copies at work", "ConcurrentExecutions", "Maximum"),
  ];
}
