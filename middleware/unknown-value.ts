/** What a Lambda gets is trusted in nothing: these read it without throwing. */

/** A member by its path; undefined where there is none, or it cannot be read. */
export function memberOf(value: unknown, ...path: readonly string[]): unknown {
  let member = value;
  try {
    for (const name of path) {
      if (typeof member !== "object" || member === null || !Object.hasOwn(member, name)) return undefined;
      member = (member as Readonly<Record<string, unknown>>)[name];
    }
    return member;
  } catch {
    return undefined;
  }
}

/** A member that is a text and not empty. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const text = memberOf(value, ...path);
  return typeof text === "string" && text !== "" ? text : undefined;
}

/** The first member, by the names given, that is a text and not empty. */
export function firstText(value: unknown, names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = textAt(value, name);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Members that are there: an object without the undefined ones. */
export function present(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && value !== null),
  );
}
