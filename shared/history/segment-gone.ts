/** A segment's rows were removed while a lookup read them: it has to start again from the manifest of now. */
export class SegmentGone extends Error {
  override readonly name = "SegmentGone";
}
