import { XMLParser, XMLValidator } from "fast-xml-parser";
import type { ApiResponse } from "../../shared/api/http.ts";
import { type XmlElements, xmlDocument } from "../xml.ts";
import { s3Error } from "./s3-error.ts";

const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
});

/** An XML document as an answer; its root is in S3's namespace. */
export function xmlResponse(root: string, content: XmlElements): ApiResponse {
  return {
    status: 200,
    headers: { "content-type": "application/xml" },
    body: xmlDocument(root, { "@xmlns": namespace, ...content }),
  };
}

/**
 * The content of the root element of a request's body: text, or elements by name. Nothing is cut off texts and
 * no text becomes a number: keys may be ` 007 `.
 * @throws MalformedXML where the body is no XML or its root is another one
 */
export function parseXml(body: Buffer, root: string): unknown {
  const text = body.toString("utf8");
  // Entities of the sender's own are never needed here, and are how XML bombs are made.
  if (text.includes("<!DOCTYPE") || XMLValidator.validate(text) !== true) {
    throw s3Error("MalformedXML");
  }

  const document: unknown = parser.parse(text);
  if (!isElements(document) || !(root in document)) {
    throw s3Error("MalformedXML");
  }
  return document[root];
}

/** An element's children of that name: none, one or many. */
export function children(element: unknown, name: string): readonly unknown[] {
  const found = isElements(element) ? element[name] : undefined;
  if (found === undefined) {
    return [];
  }
  return Array.isArray(found) ? found : [found];
}

/** The text of an element's only child of that name; undefined if there is none. @throws MalformedXML */
export function childText(element: unknown, name: string): string | undefined {
  const found = children(element, name);
  const [first] = found;
  if (found.length > 1 || (first !== undefined && typeof first !== "string")) {
    throw s3Error("MalformedXML");
  }
  return first;
}

function isElements(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
