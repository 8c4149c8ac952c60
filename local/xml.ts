import { XMLBuilder } from "fast-xml-parser";

/** An element's content: text, elements by name (an array repeats one), or nothing. */
type XmlContent = string | number | boolean | XmlElements | readonly XmlElements[] | readonly string[];
export interface XmlElements {
  readonly [name: string]: XmlContent | undefined;
}

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  processEntities: false,
  suppressEmptyNode: true,
  tagValueProcessor: (_name, value) => escapeText(String(value)),
});

/** The text of an XML document. */
export function xmlDocument(root: string, content: XmlElements): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: content })}`;
}

/** Control characters are legal in keys; as references they at least survive a lenient reader, as on S3. */
function escapeText(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
    /[&<>"\u0000-\u001f]/g,
    (character) => named[character] ?? `&#x${character.charCodeAt(0).toString(16)};`,
  );
}

const named: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
