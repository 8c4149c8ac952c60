import { createHash } from "node:crypto";
import type {
  ActivityBlock,
  BlockDraft,
  BlockOrigin,
  RecordGroup,
  RoutedTrail,
} from "../../../shared/event/block.ts";
import type { RecordKind } from "../../../shared/event/record.ts";
import type { TrailDestination } from "../../../shared/trail/trail.ts";

/** A record to be put into a block of a test. */
export interface TestRecord {
  readonly text: string;
  readonly eventTime?: number;
  readonly recipientAccountId?: string;
  readonly awsRegion?: string;
  readonly kind?: RecordKind;
}

export const ACCOUNT = "111122223333";
export const REGION = "eu-central-1";
export const NOON = Date.UTC(2026, 0, 15, 12, 0);

/** A trail's destination in the documentation account. */
export function trailNamed(name: string, more: Partial<TrailDestination> = {}): TrailDestination {
  return {
    trailArn: `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/${name}`,
    accountId: ACCOUNT,
    homeRegion: REGION,
    name,
    s3BucketName: `${name}-bucket`,
    ...more,
  };
}

/** A block of records. Without `positions` a trail wants all of them. */
export function blockOf(
  records: readonly TestRecord[],
  trails: readonly { readonly destination: TrailDestination; readonly positions?: readonly number[] }[],
  origin: BlockOrigin = "api",
): ActivityBlock {
  const texts = records.map(({ text }) => Buffer.from(text));
  const groups: RecordGroup[] = [];
  const groupOf = records.map((record) => {
    const { recipientAccountId = ACCOUNT, awsRegion = REGION, kind = "management" } = record;
    const known = groups.findIndex(
      (group) =>
        group.recipientAccountId === recipientAccountId &&
        group.awsRegion === awsRegion &&
        group.kind === kind,
    );
    return known >= 0 ? known : groups.push({ recipientAccountId, awsRegion, kind }) - 1;
  });
  const content = {
    acceptedAt: NOON,
    accountId: ACCOUNT,
    origin,
    groups,
    groupOf,
    eventTimes: records.map(({ eventTime = NOON }) => eventTime),
    lengths: texts.map(({ length }) => length),
    trails: trails.map(
      ({ destination, positions = [0, records.length] }): RoutedTrail => ({ destination, positions }),
    ),
    text: Buffer.from(records.map(({ text }) => text).join(",")),
  };
  const id = createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 32);
  return { id, ...content };
}

/** A block as the block codec takes it. */
export function draftOf({ id: _, text, lengths, ...columns }: ActivityBlock): BlockDraft {
  let end = -1;
  const texts = lengths.map((length) => {
    const start = end + 1;
    end = start + length;
    return text.subarray(start, end);
  });
  return { ...columns, texts };
}
