import type { JsonObject } from "../event/json.ts";
import { type ActivityRecord, describedEvent } from "../event/record.ts";
import { dataResourceType } from "./data-resource-type.ts";
import { CATEGORIES_OF_KIND, isDerivedKind } from "./event-category.ts";
import type {
  AdvancedEventSelector,
  AdvancedFieldSelector,
  DataResource,
  EventSelection,
  EventSelector,
} from "./event-selection.ts";
import { type EventResource, fieldText, isReadOnly, resourcesOf } from "./record-fields.ts";

/**
 * What `compileSelection` must agree with: the rules as they are told, worked out anew for every record.
 */
export function takesNaively(selection: EventSelection, record: ActivityRecord): boolean {
  return selection.kind === "basic"
    ? selection.selectors.some((selector) => basicTakes(selector, record))
    : selection.selectors.some((selector) => advancedTakes(selector, record));
}

function basicTakes(selector: EventSelector, { kind, fields }: ActivityRecord): boolean {
  const event = describedEvent(fields);
  const { ReadWriteType, IncludeManagementEvents, DataResources, ExcludeManagementEventSources } = selector;
  const fitsReadWrite =
    ReadWriteType === "All" ||
    (ReadWriteType === "ReadOnly" && isReadOnly(event)) ||
    (ReadWriteType === "WriteOnly" && !isReadOnly(event));
  switch (kind) {
    case "management":
    case "activity":
      return (
        IncludeManagementEvents &&
        fitsReadWrite &&
        !ExcludeManagementEventSources.some((source) => source === event.eventSource)
      );
    case "data":
      return fitsReadWrite && DataResources.some((listed) => dataResourceTakes(listed, event));
    case "insight":
    case "aggregated":
      return IncludeManagementEvents || DataResources.length > 0;
    case "network-activity":
      return false;
  }
}

function dataResourceTakes({ Type, Values }: DataResource, event: JsonObject): boolean {
  const known = dataResourceType(Type);
  return resourcesOf(event).some(
    ({ type, arn }) =>
      known !== undefined &&
      type === Type &&
      Values.some((value) => {
        if (known.every.test(value)) return true;
        return known.match === "prefix" ? arn?.startsWith(value) === true : arn === value;
      }),
  );
}

function advancedTakes({ FieldSelectors }: AdvancedEventSelector, { kind, fields }: ActivityRecord): boolean {
  const event = describedEvent(fields);
  return CATEGORIES_OF_KIND[kind].some((eventCategory) =>
    resourcesOf(event).some((resource) =>
      FieldSelectors.filter(({ Field }) => Field === "eventCategory" || !isDerivedKind(kind)).every(
        (selector) => fieldTakes(selector, readField(selector.Field, eventCategory, resource, event)),
      ),
    ),
  );
}

function readField(
  field: string,
  eventCategory: string,
  resource: EventResource,
  event: JsonObject,
): string | undefined {
  switch (field) {
    case "eventCategory":
      return eventCategory;
    case "resources.type":
      return resource.type;
    case "resources.ARN":
      return resource.arn;
    default:
      return fieldText(event, field);
  }
}

function fieldTakes(selector: AdvancedFieldSelector, value: string | undefined): boolean {
  const { Equals = [], StartsWith = [], EndsWith = [] } = selector;
  const { NotEquals = [], NotStartsWith = [], NotEndsWith = [] } = selector;
  const mustFit = Equals.length > 0 || StartsWith.length > 0 || EndsWith.length > 0;
  if (value === undefined) return !mustFit;
  const fits =
    Equals.some((wanted) => value === wanted) ||
    StartsWith.some((wanted) => value.startsWith(wanted)) ||
    EndsWith.some((wanted) => value.endsWith(wanted));
  return (
    (fits || !mustFit) &&
    NotEquals.every((unwanted) => value !== unwanted) &&
    NotStartsWith.every((unwanted) => !value.startsWith(unwanted)) &&
    NotEndsWith.every((unwanted) => !value.endsWith(unwanted))
  );
}
