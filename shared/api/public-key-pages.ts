import type { SigningKeys } from "../ports/signing-keys.ts";
import type { Service } from "./http.ts";
import { json, problem } from "./json-answer.ts";
import { type ExportedKeys, exportedKey } from "./public-keys.ts";

/**
 * `GET /_opentrail/public-keys`: all keys of all regions. `POST /_opentrail/public-keys/rotate?region=`: a new key for
 * the region, without one for every region that has a key; answers the new ones.
 */
export function makePublicKeyPages(keys: Pick<SigningKeys, "all" | "rotate">): Service {
  return async ({ method, path, query }) => {
    const isRotation = path.endsWith("/rotate");
    const allowed = isRotation ? "POST" : "GET";
    if (method !== allowed) {
      return problem(405, "MethodNotAllowed", `${method} is not answered here`, { allow: allowed });
    }
    const all = await keys.all();
    if (!isRotation) {
      return json(200, { PublicKeyList: all.map(exportedKey) } satisfies ExportedKeys);
    }
    const named = query.get("region");
    const made = [];
    for (const region of named === null ? new Set(all.map(({ region }) => region)) : [named]) {
      made.push(exportedKey(await keys.rotate(region)));
    }
    return json(200, { PublicKeyList: made } satisfies ExportedKeys);
  };
}
