import { isGreedy, type KnownRoute, pathParametersOf, type RoutedCall } from "./route.ts";
import { memberOf, present } from "./unknown-value.ts";

/** Characters of a body that is read; of a longer one the size alone is recorded. */
const LONGEST_BODY = 256 * 1024;

/**
 * The parameters of an HTTP call, named as API Gateway names them: `path`, `pathParameters`, `queryStringParameters`
 * and `body`. They stay apart, so that a caller cannot hide one behind another of the same name. Of a route that is
 * known `path` is the route's (`/reset/{token}`): what is hidden among the parameters must not stand in the path. Headers
 * are not recorded. A body is recorded if it is JSON or a form; of others the type and size are.
 */
export function requestParameters(
  event: unknown,
  call: RoutedCall,
  { resource }: KnownRoute,
): Record<string, unknown> {
  const isKnown = resource !== undefined && !isGreedy(resource);
  return present({
    path: isKnown ? resource : call.path,
    pathParameters: pathParameters(event, call, resource),
    queryStringParameters: queryOf(event),
    body: bodyOf(event),
  });
}

function pathParameters(event: unknown, call: RoutedCall, resource: string | undefined): unknown {
  const isTheApis = resource === undefined || resource === call.resource || call.path === undefined;
  return isTheApis ? memberOf(event, "pathParameters") : pathParametersOf(resource, call.path);
}

/** REST APIs give each parameter's last value in one member, and all of them in another. */
function queryOf(event: unknown): unknown {
  const all = memberOf(event, "multiValueQueryStringParameters");
  if (typeof all !== "object" || all === null) return memberOf(event, "queryStringParameters");
  return Object.fromEntries(
    Object.entries(all).map(([name, values]) => [
      name,
      Array.isArray(values) && values.length === 1 ? values[0] : values,
    ]),
  );
}

function bodyOf(event: unknown): unknown {
  const body = memberOf(event, "body");
  // A middleware that ran before has parsed it.
  if (typeof body !== "string") return body;
  if (body === "") return undefined;
  const contentType = headerOf(event, "content-type") ?? "";
  if (body.length > LONGEST_BODY) return { contentType, characters: body.length };
  const text = memberOf(event, "isBase64Encoded") === true ? Buffer.from(body, "base64").toString() : body;
  return parsedBody(text, contentType) ?? { contentType, characters: text.length };
}

/** Undefined if it is neither JSON nor a form: what cannot be parsed cannot be redacted. */
function parsedBody(text: string, contentType: string): unknown {
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType)) {
    const form = new URLSearchParams(text);
    return Object.fromEntries(
      [...new Set(form.keys())].map((name) => {
        const values = form.getAll(name);
        return [name, values.length === 1 ? values[0] : values];
      }),
    );
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A header by its name in lower case. */
function headerOf(event: unknown, name: string): string | undefined {
  const headers = memberOf(event, "headers");
  if (typeof headers !== "object" || headers === null) return undefined;
  const found = Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1];
  return typeof found === "string" ? found : undefined;
}
