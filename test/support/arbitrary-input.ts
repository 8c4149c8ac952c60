import fc from "fast-check";
import type { ServiceModel } from "../../shared/api/service-model.ts";

/**
 * JSON for a shape of a service model: mostly of the right types, often within the constraints, now and then anything.
 * @param names texts that mean something to the service, such as the names of what it has
 */
export function arbitraryInput(
  model: ServiceModel,
  shapeName: string,
  names: readonly string[],
  depth = 0,
): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 30, arbitrary: wellTyped(model, shapeName, names, depth) },
    // At the top the protocol asks for an object.
    { weight: depth === 0 ? 0 : 1, arbitrary: fc.jsonValue() },
  );
}

function wellTyped(
  model: ServiceModel,
  shapeName: string,
  names: readonly string[],
  depth: number,
): fc.Arbitrary<unknown> {
  const shape = model.shapes[shapeName];
  const part = (name = ""): fc.Arbitrary<unknown> => arbitraryInput(model, name, names, depth + 1);
  if (shape?.type === "structure") {
    const members = Object.entries(shape.members ?? {}).map(
      ([name, { shape: of }]) => [name, part(of)] as const,
    );
    return fc.record(Object.fromEntries(members), { requiredKeys: [...(shape.required ?? [])] });
  }
  if (shape?.type === "list") return fc.array(part(shape.member?.shape), { maxLength: 3 });
  if (shape?.type === "map")
    return fc.dictionary(fc.constantFrom(...names), part(shape.value?.shape), { maxKeys: 3 });
  if (shape?.type === "boolean") return fc.boolean();
  if (shape?.type === "string") {
    return fc.oneof(fc.constantFrom(...names, ...(shape.enum ?? [])), fc.string({ maxLength: 20 }));
  }
  return fc.oneof(fc.nat({ max: 60 }), fc.integer(), fc.double());
}
