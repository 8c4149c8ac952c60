/** Files are not what rules files have to be. Each problem names the file, and the rule and the field where there are any. */
export class InvalidRulesFile extends Error {
  override readonly name = "InvalidRulesFile";
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join("\n"), options);
    this.problems = problems;
  }
}
