/** A call as IAM sees it. */
export interface IamRequest {
  readonly action: string;
  readonly resource: string;
  /** Condition keys that the call has. */
  readonly context: Readonly<Record<string, string>>;
}

/** A statement that allows, with all of its references worked out. */
export interface AllowStatement {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/**
 * Whether a statement allows a call: as much of IAM's evaluation as the stack's roles need. All conditions must hold; of a
 * condition's values, one. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function allows(statement: AllowStatement, { action, resource, context }: IamRequest): boolean {
  return (
    [statement.Action].flat().includes(action) &&
    [statement.Resource].flat().some((pattern) => matches(pattern, resource)) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => {
        const value = context[key];
        return value !== undefined && [values].flat().some((expected) => holds(operator, expected, value));
      }),
    )
  );
}

function holds(operator: string, expected: string, value: string): boolean {
  if (operator === "StringEquals") return expected === value;
  if (operator === "StringLike") return matches(expected, value);
  throw new Error(`The condition operator ${operator} is not known`);
}

/** `*` stands for any characters, `?` for one. */
function matches(pattern: string, value: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`, "s").test(value);
}
