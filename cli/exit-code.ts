/** What the command's exit codes say. 2, a usage error, is commander's: see `main.ts`. */
export const EXIT = {
  done: 0,
  /** Done, but something was refused, found invalid or could not be done. */
  refused: 1,
  usage: 2,
  /** A second signal came before the first one's work was over. */
  interrupted: 130,
} as const;
