/** Where the embedded server's comings and goings are told. Nest's and pino's loggers can be adapted in a line each. */
export interface EmbeddedPostgresLog {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
