/** Secrets that are kept outside OpenTrail. */
export interface Secrets {
  /** The secret's text as it is now; undefined if there is no such secret, or nothing in it yet. */
  read(id: string): Promise<string | undefined>;
}
