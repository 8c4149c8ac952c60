import type { ShapeModel } from "../shared/api/service-model.ts";

/** Shapes of a service model that is written down here, as constants. */
type Shapes = Readonly<Record<string, ShapeModel>>;

/** The type of the values that pass a shape's check. */
type Shaped<All extends Shapes, Shape> = Shape extends { type: "string" }
  ? string
  : Shape extends { type: "integer" | "long" | "timestamp" }
    ? number
    : Shape extends { type: "boolean" }
      ? boolean
      : Shape extends { type: "list"; member: { shape: infer Element extends keyof All } }
        ? readonly Shaped<All, All[Element]>[]
        : Shape extends { type: "map"; value: { shape: infer Element extends keyof All } }
          ? Readonly<Record<string, Shaped<All, All[Element]>>>
          : Shape extends { type: "structure"; members: infer Members; required: readonly (infer Required)[] }
            ? { readonly [Name in keyof Members as Name & Required]: Member<All, Members[Name]> } & {
                readonly [Name in keyof Members as Exclude<Name, Required>]?: Member<All, Members[Name]>;
              }
            : never;

type Member<All extends Shapes, Reference> = Reference extends { shape: infer Name extends keyof All }
  ? Shaped<All, All[Name]>
  : never;

/** The operations that the shapes are for, by name: what each takes. Operation `X` has the shape `XRequest`. */
export type InputsOf<All extends Shapes> = {
  readonly [Shape in keyof All as Shape extends `${infer Name}Request` ? Name : never]: Shaped<
    All,
    All[Shape]
  >;
};
