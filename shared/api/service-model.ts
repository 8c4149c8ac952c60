import model from "./service-model.json" with { type: "json" };

/** A member of a structure, or the element of a list or map. */
interface MemberModel {
  readonly shape: string;
  readonly location?: string;
  readonly locationName?: string;
}

/** A shape of a service model, as botocore writes them, without documentation. */
export interface ShapeModel {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, MemberModel>>;
  readonly member?: MemberModel;
  readonly key?: MemberModel;
  readonly value?: MemberModel;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** Of errors. */
  readonly httpStatusCode?: number;
}

/** An operation: the names of its input, output and error shapes. */
export interface OperationModel {
  readonly input: string;
  readonly output: string;
  readonly errors: readonly string[];
}

/** A service's operations and shapes. Made by `scripts/service-model.ts`. */
export interface ServiceModel {
  readonly operations: Readonly<Record<string, OperationModel>>;
  readonly shapes: Readonly<Record<string, ShapeModel>>;
}

/** `X-Amz-Target` is this, a dot and the operation's name. */
export const CLOUDTRAIL_TARGET_PREFIX: string = model.cloudtrail.targetPrefix;

/** CloudTrail, API version 2013-11-01. */
export const CLOUDTRAIL_MODEL: ServiceModel = model.cloudtrail;

/** CloudTrail Data, API version 2021-08-11: PutAuditEvents. */
export const CLOUDTRAIL_DATA_MODEL: ServiceModel = model["cloudtrail-data"];
