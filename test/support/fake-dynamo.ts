import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";

type Item = Record<string, AttributeValue>;

/** What DynamoDB would charge. A write unit is a kilobyte of an item, begun; a consistent read unit 4 KB of a call's. */
export interface ChargedUnits {
  writes: number;
  reads: number;
}

/**
 * As much of DynamoDB as the ordered store asks for, in memory, with the units that it would charge, by the sizes of
 * the items. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function fakeDynamo(): { readonly client: DynamoDBClient; readonly charged: ChargedUnits } {
  const spaces = new Map<string, Map<number, Item>>();
  const charged: ChargedUnits = { writes: 0, reads: 0 };
  const spaceOf = (key: Item): Map<number, Item> => {
    const name = key.space?.S ?? "";
    const space = spaces.get(name) ?? new Map<number, Item>();
    spaces.set(name, space);
    return space;
  };
  const keyOf = (key: Item): number => Number(key.key?.N);
  const writeUnits = (item: Item | undefined): number => Math.max(1, Math.ceil(sizeOf(item) / 1024));

  function put(item: Item): void {
    charged.writes += Math.max(writeUnits(item), writeUnits(spaceOf(item).get(keyOf(item))));
    spaceOf(item).set(keyOf(item), item);
  }

  async function send(command: unknown): Promise<unknown> {
    if (command instanceof BatchWriteItemCommand) {
      for (const { PutRequest, DeleteRequest } of Object.values(command.input.RequestItems ?? {}).flat()) {
        if (PutRequest?.Item) put(PutRequest.Item);
        if (DeleteRequest?.Key) {
          const space = spaceOf(DeleteRequest.Key);
          charged.writes += writeUnits(space.get(keyOf(DeleteRequest.Key)));
          space.delete(keyOf(DeleteRequest.Key));
        }
      }
      return {};
    }
    if (command instanceof PutItemCommand) {
      const { Item: item = {}, ExpressionAttributeValues: values } = command.input;
      const there = spaceOf(item).get(keyOf(item));
      if (values !== undefined && !allowed(there, values)) {
        charged.writes += writeUnits(there);
        throw new ConditionalCheckFailedException({ message: "The condition does not hold", $metadata: {} });
      }
      put(item);
      return {};
    }
    if (command instanceof UpdateItemCommand) {
      const { Key: key = {}, ExpressionAttributeValues: values } = command.input;
      const sum = Number(spaceOf(key).get(keyOf(key))?.count?.N ?? 0) + Number(values?.[":by"]?.N);
      put({ ...key, count: { N: String(sum) } });
      return { Attributes: { count: { N: String(sum) } } };
    }
    if (command instanceof BatchGetItemCommand) {
      const [[table = "", { Keys = [] } = {}] = []] = Object.entries(command.input.RequestItems ?? {});
      const items = Keys.map((key) => spaceOf(key).get(keyOf(key))).filter((item) => item !== undefined);
      charged.reads += Keys.reduce(
        (sum, key) => sum + Math.max(1, Math.ceil(sizeOf(spaceOf(key).get(keyOf(key))) / 4096)),
        0,
      );
      return { Responses: { [table]: items } };
    }
    if (command instanceof QueryCommand) {
      const { ExpressionAttributeValues: values = {}, ScanIndexForward, Limit } = command.input;
      const space = spaceOf({ space: values[":space"] ?? { S: "" } });
      const keys = [...space.keys()].filter(
        (key) => key >= Number(values[":from"]?.N) && key <= Number(values[":to"]?.N),
      );
      keys.sort((one, other) => (ScanIndexForward === false ? other - one : one - other));
      const items = keys.slice(0, Limit).map((key) => space.get(key) as Item);
      charged.reads += Math.max(1, Math.ceil(items.reduce((sum, item) => sum + sizeOf(item), 0) / 4096));
      return { Items: items };
    }
    throw new Error("The fake of DynamoDB does not know this command");
  }

  return { client: { send } as unknown as DynamoDBClient, charged };
}

function allowed(there: Item | undefined, values: Item): boolean {
  const value = there?.value?.B;
  const equals = (one: Uint8Array | undefined): boolean =>
    value !== undefined && one !== undefined && Buffer.compare(value, one) === 0;
  return (
    equals(values[":written"]?.B) ||
    (":expected" in values ? equals(values[":expected"]?.B) : value === undefined)
  );
}

/** Names and values; numbers take about a byte for two digits and one more. */
function sizeOf(item: Item | undefined): number {
  return Object.entries(item ?? {}).reduce((sum, [name, { S, N, B }]) => {
    const value =
      Buffer.byteLength(S ?? "") + (B?.length ?? 0) + (N === undefined ? 0 : 1 + Math.ceil(N.length / 2));
    return sum + name.length + value;
  }, 0);
}
