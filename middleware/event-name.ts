import { isGreedy, type KnownRoute, segments } from "./route.ts";

/**
 * The name of a call's event: the one that its route is given; else one made of the route, as `PostOrdersByIdRefund` of
 * `POST /orders/{id}/refund`; else, where no route is known, one made of the method alone, as `PostRequest`: paths
 * would make a name for each order. A call that is not HTTP is an `Invoke`.
 */
export function eventNameOf(method: string | undefined, { name, resource }: KnownRoute): string {
  if (method === undefined) return "Invoke";
  return name ?? nameOfRoute(method, resource);
}

function nameOfRoute(method: string, resource: string | undefined): string {
  const verb = capitalized(method.toLowerCase());
  if (resource === undefined || isGreedy(resource)) return `${verb}Request`;
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
