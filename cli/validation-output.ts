import { isoSecond } from "../shared/integrity/digest-file.ts";
import type { FileFinding, Gap, ValidationReport } from "../shared/integrity/validation.ts";

/** A piece of output. Errors go to standard error. */
export interface OutputLine {
  readonly text: string;
  readonly isError: boolean;
}

/**
 * The report in the official CLI's words: faults on standard error, each with an empty line after it, valid files if
 * they are asked for, then the counts. What the official CLI does not say, which time is proven, comes last.
 */
export function formatReport(
  report: ValidationReport,
  isVerbose: boolean,
): { readonly lines: readonly OutputLine[]; readonly isValid: boolean } {
  const lines: OutputLine[] = [];
  let isSpaced = true;
  const write = (text: string, isError: boolean): void => {
    if (isError) {
      lines.push({ text: `${isSpaced ? "" : "\n"}${text}\n\n`, isError });
      isSpaced = true;
    } else if (isVerbose) {
      lines.push({ text: `${text}\n`, isError });
      isSpaced = false;
    }
  };
  for (const finding of report.findings) {
    write(
      `${subject(finding)}\t${finding.fault === undefined ? "valid" : `INVALID: ${finding.fault}`}`,
      finding.fault !== undefined,
    );
  }
  for (const note of report.notes) {
    write(note, true);
  }
  for (const finding of report.unsigned) {
    write(`${subject(finding)}\tnot proven: the copy has no signature of it`, true);
  }
  for (const gap of report.unproven.filter(({ kind }) => kind === "stopped")) {
    write(
      `No log files were delivered by CloudTrail between ${isoSecond(gap.start)} and ${isoSecond(gap.end)}`,
      true,
    );
  }
  const isValid = report.notes.length === 0 && report.findings.every(({ fault }) => fault === undefined);
  lines.push({ text: `${isSpaced ? "" : "\n"}${summary(report)}\n`, isError: false });
  return { lines, isValid };
}

function subject({ kind, bucket, key }: FileFinding): string {
  const name = kind === "log" ? "Log file" : kind === "digest" ? "Digest file" : "(backfill) Digest file";
  return `${name}\ts3://${bucket}/${key}`;
}

function summary({ request, findings, proven, unproven }: ValidationReport): string {
  const { start, end } = request.period;
  const head = `Results requested for ${isoSecond(start)} to ${isoSecond(end)}`;
  if (!findings.some(({ kind }) => kind !== "log")) {
    return `${head}\nNo digests found`;
  }
  const [first, last] = [proven[0], proven.at(-1)];
  const found =
    first && last
      ? `Results found for ${isoSecond(first.start)} to ${isoSecond(last.end)}:`
      : "No valid digests found in range";
  const ratios = (["digest", "backfill digest", "log"] as const).flatMap((kind) => ratio(findings, kind));
  return [
    head,
    found,
    "",
    ...ratios,
    "",
    ...proven.map((period) => `Proven: ${isoSecond(period.start)} to ${isoSecond(period.end)}`),
    ...unproven.map(
      (gap) => `Not proven: ${isoSecond(gap.start)} to ${isoSecond(gap.end)}: ${REASONS[gap.kind]}`,
    ),
  ].join("\n");
}

const REASONS: Readonly<Record<Gap["kind"], string>> = {
  stopped: "the trail did not log, or had no log file validation; or its last digest files are gone",
  missing: "digest files are missing or invalid",
  open: "no digest file covers it",
};

function ratio(findings: readonly FileFinding[], kind: FileFinding["kind"]): readonly string[] {
  const files = findings.filter((finding) => finding.kind === kind);
  const invalid = files.filter(({ fault }) => fault !== undefined).length;
  const total = files.length;
  if (total === 0) {
    return [];
  }
  return [
    `${total - invalid}/${total} ${kind} files valid${invalid > 0 ? `, ${invalid}/${total} ${kind} files INVALID` : ""}`,
  ];
}

/** The report as a JSON document: times in ISO 8601, faults and counts, and valid files only by their number. */
export function reportDocument({
  request,
  findings,
  notes,
  unsigned,
  proven,
  unproven,
}: ValidationReport): unknown {
  const count = (kind: FileFinding["kind"], isValid: boolean): number =>
    findings.filter((finding) => finding.kind === kind && (finding.fault === undefined) === isValid).length;
  const period = ({ start, end }: { readonly start: number; readonly end: number }) => ({
    start: isoSecond(start),
    end: isoSecond(end),
  });
  const counts = (kind: FileFinding["kind"]) => ({ valid: count(kind, true), invalid: count(kind, false) });
  return {
    trailArn: request.trailArn,
    accountId: request.accountId,
    region: request.region,
    requested: period(request.period),
    digests: counts("digest"),
    backfillDigests: counts("backfill digest"),
    logFiles: counts("log"),
    faults: findings.filter(({ fault }) => fault !== undefined),
    notes,
    unsigned: unsigned.map(({ bucket, key }) => ({ bucket, key })),
    proven: proven.map(period),
    notProven: unproven.map((gap) => ({ ...period(gap), kind: gap.kind })),
  };
}
