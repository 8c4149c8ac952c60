/** The name that makes an array of objects alternatives. */
export const OR = "$or";

const RESERVED_IN_OR: ReadonlySet<string> = new Set([
  ...["exactly", "prefix", "suffix", "equals-ignore-case", "anything-but", "exists", "wildcard", "numeric"],
  ...["cidr", "=", "<", "<=", ">", ">="],
  // Kept free by event-ruler for operators to come.
  ...["regex", "not-wildcard", "not-equals-ignore-case", "date-after", "date-on-or-after", "date-before"],
  ...["date-on-or-before", "in-date-range", "ip-address-in-range", "ip-address-not-in-range"],
]);

/** Whether a field cannot be called so inside `$or`. An `$or` with such a name in it is a field named `$or`. */
export function isReservedInOr(name: string): boolean {
  return RESERVED_IN_OR.has(name);
}
