import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** An item as the low-level client gives it. */
export type Item = Record<string, AttributeValue>;

/** What an expression's placeholders stand for, as the calls of DynamoDB have it. */
export interface Placeholders {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
}

/**
 * A table in memory with as much of DynamoDB's expressions as the ledger and the delivery status use.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export class DynamoTable {
  readonly #items = new Map<string, Item>();
  readonly #keyNames: readonly string[];

  /** @param keyNames the attributes of the table's key */
  constructor(keyNames: readonly string[]) {
    this.#keyNames = keyNames;
  }

  get(key: Item): Item | undefined {
    return this.#items.get(this.#idOf(key));
  }

  /** Writes an item. False, and nothing written, if the condition does not hold. */
  put(item: Item, condition: string | undefined, placeholders: Placeholders): boolean {
    if (!conditionHolds(condition, this.get(item) ?? {}, placeholders)) return false;
    this.#items.set(this.#idOf(item), item);
    return true;
  }

  /** Changes an item. False, and nothing changed, if the condition does not hold. */
  update(key: Item, update: string, condition: string | undefined, placeholders: Placeholders): boolean {
    const item = this.get(key) ?? key;
    if (!conditionHolds(condition, item, placeholders)) return false;
    this.#items.set(this.#idOf(key), updated(item, update, placeholders));
    return true;
  }

  #idOf(key: Item): string {
    return JSON.stringify(this.#keyNames.map((name) => key[name]));
  }
}

const TOKENS = /attribute_not_exists\(\w+\)|[()]|<=|=|[#:]?\w+/g;

function conditionHolds(condition: string | undefined, item: Item, placeholders: Placeholders): boolean {
  if (condition === undefined) return true;
  const tokens = (condition.match(TOKENS) ?? []).values();
  let token = tokens.next().value;
  const take = (): string => {
    const taken = token ?? "";
    token = tokens.next().value;
    return taken;
  };
  const either = (): boolean => {
    let holds = both();
    while (token === "OR") {
      take();
      holds = both() || holds;
    }
    return holds;
  };
  const both = (): boolean => {
    let holds = one();
    while (token === "AND") {
      take();
      holds = one() && holds;
    }
    return holds;
  };
  const one = (): boolean => {
    const first = take();
    if (first === "(") {
      const holds = either();
      take();
      return holds;
    }
    const absent = /^attribute_not_exists\((\w+)\)$/.exec(first)?.[1];
    if (absent !== undefined) return item[absent] === undefined;
    const operator = take();
    const [left, right] = [operand(first, item, placeholders), operand(take(), item, placeholders)];
    if (left === undefined || right === undefined) return false;
    return operator === "=" ? left === right : left <= right;
  };
  return either();
}

function operand(token: string, item: Item, placeholders: Placeholders): string | number | undefined {
  const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = placeholders;
  const value = token.startsWith(":") ? values[token] : item[names[token] ?? token];
  return value?.N === undefined ? value?.S : Number(value.N);
}

/** An item after `SET name = :value, … REMOVE name, …`. */
function updated(item: Item, update: string, placeholders: Placeholders): Item {
  const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = placeholders;
  const [, set = "", remove = ""] = /^SET (.+?)(?: REMOVE (.+))?$/.exec(update) ?? [];
  const removed = new Set(remove.split(", ").map((name) => names[name] ?? name));
  const assigned = set.split(", ").map((assignment) => {
    const [name = "", value = ""] = assignment.split(" = ");
    return [names[name] ?? name, values[value] ?? { NULL: true }] as const;
  });
  return Object.fromEntries([...Object.entries(item).filter(([name]) => !removed.has(name)), ...assigned]);
}
