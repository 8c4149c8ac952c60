/** Names of events by route: `"POST /orders/{id}/refund": "RefundOrder"`. */
export type RouteNames = Readonly<Record<string, string>>;

/** What of a call decides its event's name. */
export interface RoutedCall {
  readonly method: string | undefined;
  /** As the API was defined: `/orders/{id}`; undefined where one route takes all paths. */
  readonly resource: string | undefined;
  /** As it was called: `/orders/7`. */
  readonly path: string | undefined;
}

/**
 * The name of a call's event: the one that `routes` has for its route, or for a route that its path fits; else one made
 * of the route, as `PostOrdersByIdRefund` of `POST /orders/{id}/refund`; else, where no route is known, one made of
 * the method alone, as `PostRequest`: paths would make a name for each order. A call that is not HTTP is an `Invoke`.
 */
export function eventNameOf({ method, resource, path }: RoutedCall, routes: RouteNames): string {
  if (method === undefined) return "Invoke";
  const exact = `${method} ${resource}`;
  if (resource !== undefined && Object.hasOwn(routes, exact)) return routes[exact] ?? exact;
  const [, named] = Object.entries(routes).find(([route]) => fits(route, method, path)) ?? [];
  return named ?? nameOfRoute(method, resource);
}

function fits(route: string, method: string, path: string | undefined): boolean {
  const [routeMethod = "", template = ""] = route.split(" ");
  if ((routeMethod !== method && routeMethod !== "ANY") || path === undefined) return false;
  const wanted = segments(template);
  const given = segments(path);
  const isGreedy = /^\{.*\+\}$/.test(wanted.at(-1) ?? "");
  if (isGreedy ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((segment, index) => /^\{.*\}$/.test(segment) || segment === given[index]);
}

function segments(path: string): readonly string[] {
  return path.split("/").filter((segment) => segment !== "");
}

function nameOfRoute(method: string, resource: string | undefined): string {
  const verb = capitalized(method.toLowerCase());
  if (resource === undefined || resource.includes("+}")) return `${verb}Request`;
  const words = segments(resource).map((segment) =>
    segment.startsWith("{") ? `By${pascalCase(segment)}` : pascalCase(segment),
  );
  return words.length === 0 ? `${verb}Root` : verb + words.join("");
}

function pascalCase(segment: string): string {
  return segment
    .split(/[^\p{L}\p{N}]+/u)
    .map(capitalized)
    .join("");
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
