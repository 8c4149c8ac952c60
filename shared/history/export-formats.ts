import { type AttributeName, attributeValues, eventSubject } from "./event-attributes.ts";
import { eventResources } from "./event-resources.ts";
import type { FoundEvent } from "./query.ts";

/** How a whole result is written. */
export interface ExportFormat {
  readonly contentType: string;
  readonly head: string;
  /** Stands between two events. */
  readonly separator: string;
  readonly tail: string;
  event(event: FoundEvent): string;
}

export type ExportFormatName = "json" | "csv" | "ndjson";

/** The columns of the CSV file that CloudTrail's console makes of its event history. */
const COLUMNS: readonly (readonly [head: string, cell: (event: FoundEvent) => unknown])[] = [
  ["User name", attribute("Username")],
  ["AWS access key", attribute("AccessKeyId")],
  ["Event time", ({ fields, time }) => fields.eventTime ?? new Date(time).toISOString()],
  ["Event source", attribute("EventSource")],
  ["Event name", attribute("EventName")],
  ["AWS region", ({ fields }) => fields.awsRegion],
  ["Source IP address", attribute("SourceIPAddress")],
  ["User agent", ({ fields }) => eventSubject(fields).userAgent],
  ["Error code", attribute("ErrorCode")],
  ["Resources", resourcesCell],
  ["Request ID", ({ fields }) => eventSubject(fields).requestID],
  ["Event ID", attribute("EventId")],
  ["Read-only", attribute("ReadOnly")],
  ["Event type", ({ fields }) => fields.eventType],
  ["Recipient Account Id", ({ fields }) => fields.recipientAccountId],
  ["Event category", ({ fields }) => fields.eventCategory],
];

export const EXPORT_FORMATS: Readonly<Record<ExportFormatName, ExportFormat>> = {
  json: {
    contentType: "application/json",
    head: '{"Records":[',
    separator: ",\n",
    tail: "]}\n",
    event: ({ text }) => text.toString("utf8"),
  },
  ndjson: {
    contentType: "application/x-ndjson",
    head: "",
    separator: "",
    tail: "",
    // Line breaks in JSON text are white space between its tokens.
    event: ({ text }) => `${text.toString("utf8").replaceAll(/[\r\n]/g, " ")}\n`,
  },
  csv: {
    contentType: "text/csv; charset=utf-8",
    head: line(COLUMNS.map(([head]) => head)),
    separator: "",
    tail: "",
    event: (event) => line(COLUMNS.map(([, cell]) => cell(event))),
  },
};

function attribute(name: AttributeName): (event: FoundEvent) => string | undefined {
  return ({ fields }) => attributeValues(fields, name)[0];
}

function resourcesCell({ fields }: FoundEvent): string {
  const resources = eventResources(eventSubject(fields));
  return resources.length === 0
    ? ""
    : JSON.stringify(resources.map(({ type, name }) => ({ resourceType: type, resourceName: name })));
}

/** https://www.rfc-editor.org/rfc/rfc4180 */
function line(cells: readonly unknown[]): string {
  return `${cells.map(cellText).join(",")}\r\n`;
}

/**
 * A value that a spreadsheet would take for a formula gets an apostrophe: whoever calls an API writes its user agent.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
function cellText(value: unknown): string {
  const plain = value === undefined || value === null ? "" : String(value);
  const text = /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
