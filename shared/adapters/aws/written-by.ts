/** User metadata, name and value: the mark on each object that OpenTrail writes, by which it knows its own log files. */
export const WRITTEN_BY = { "written-by": "opentrail" } as const;

/** Whether an object has the mark. @param metadata names in lower case without `x-amz-meta-` */
export function isWrittenByOpenTrail(metadata: Readonly<Record<string, string>>): boolean {
  return metadata["written-by"] === WRITTEN_BY["written-by"];
}

/** The metadata without the mark. */
export function withoutMark({
  "written-by": _,
  ...metadata
}: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return metadata;
}
