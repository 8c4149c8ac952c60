/** Names of events by route: `"POST /orders/{id}/refund": "RefundOrder"`. */
export type RouteNames = Readonly<Record<string, string>>;

/** What of a call decides its route. */
export interface RoutedCall {
  readonly method: string | undefined;
  /** As the API was defined: `/orders/{id}`; undefined where one route takes all paths. */
  readonly resource: string | undefined;
  /** As it was called: `/orders/7`. */
  readonly path: string | undefined;
}

/** The route of a call, as far as it is known. */
export interface KnownRoute {
  /** The event's name that is given to it. */
  readonly name: string | undefined;
  /** Undefined if neither the API nor the names tell it. */
  readonly resource: string | undefined;
}

/**
 * Finds a call's route: the API's own, or, where that takes all paths, the first of `routes` that the path fits. `{id}`
 * is one part of the path, `{proxy+}` its rest, and `ANY` every method.
 */
export function routeOf({ method, resource, path }: RoutedCall, routes: RouteNames): KnownRoute {
  const exact = `${method} ${resource}`;
  if (Object.hasOwn(routes, exact)) return { name: routes[exact], resource };
  const [route, name] = Object.entries(routes).find(([each]) => fits(each, method, path)) ?? [];
  const isKnown = resource !== undefined && !isGreedy(resource);
  return { name, resource: isKnown ? resource : (route?.split(" ")[1] ?? resource) };
}

/** Whether a resource's last part takes the rest of a path. */
export function isGreedy(resource: string): boolean {
  return /\{[^/]*\+\}$/.test(resource);
}

/** The parts of a path that fits a resource, by the resource's names for them. */
export function pathParametersOf(resource: string, path: string): Record<string, string> {
  const given = segments(path);
  const named = segments(resource).flatMap((segment, index): (readonly [string, string])[] => {
    const [, name, plus] = /^\{(.*?)(\+?)\}$/.exec(segment) ?? [];
    if (name === undefined) return [];
    return [[name, plus ? given.slice(index).join("/") : (given[index] ?? "")]];
  });
  return Object.fromEntries(named);
}

/** The parts of a path. */
export function segments(path: string): readonly string[] {
  return path.split("/").filter((segment) => segment !== "");
}

function fits(route: string, method: string | undefined, path: string | undefined): boolean {
  const [routeMethod = "", resource = ""] = route.split(" ");
  if ((routeMethod !== method && routeMethod !== "ANY") || path === undefined) return false;
  const wanted = segments(resource);
  const given = segments(path);
  if (isGreedy(resource) ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((segment, index) => /^\{.*\}$/.test(segment) || segment === given[index]);
}
