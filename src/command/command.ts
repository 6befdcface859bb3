/** One of the things that `deskwire` does. */
export interface Command {
  /** What `--help` prints. */
  readonly usage: string;
  /**
   * @returns the exit code; undefined where the process lives on by itself
   * @throws UsageError that says what is wrong with the arguments
   */
  run(args: readonly string[]): Promise<number | undefined>;
}
