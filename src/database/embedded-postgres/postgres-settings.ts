/** Names and values as in postgresql.conf (https://www.postgresql.org/docs/18/runtime-config.html). */
export type PostgresSettings = Readonly<Record<string, string>>;

/** Our own name for programs and tables; not a superuser, so that no statement of the gateway can reach the system. */
export const GATEWAY_ROLE = 'deskwire';
export const GATEWAY_DATABASE = 'deskwire';
/** Used once, to make the two above. */
export const SUPERUSER = 'postgres';

/**
 * For one small gateway on a machine of its own or a developer's. They are given on the command line, so that an upgrade
 * of the gateway changes them for clusters that exist, too.
 */
const DEFAULT_SETTINGS: PostgresSettings = {
  shared_buffers: '128MB',
  // The gateway's pools take about thirty; the rest is for people.
  max_connections: '50',
  // An answer 2xx promises that the event is kept (docs/architecture.md).
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  logging_collector: 'off',
  log_line_prefix: '%m [%p] ',
  // A line every five minutes that tells nobody anything.
  log_checkpoints: 'off',
  // The gateway reports its own failed statements; here they would only repeat customers' words.
  log_min_error_statement: 'panic',
  // Nobody subscribes to us: one process fewer.
  max_logical_replication_workers: '0',
  // Short statements over many partitions: compiling them costs more than it saves.
  jit: 'off',
  // Reads of a database this small come from memory: three I/O worker processes fewer.
  io_method: 'sync',
};

/** What no caller may change: loopback only, and no Unix socket, whose path may be 107 characters long at most. */
export function serverArguments(directory: string, port: number, settings: PostgresSettings): string[] {
  const fixed = {
    listen_addresses: '127.0.0.1',
    port: `${port}`,
    unix_socket_directories: '',
    cluster_name: 'deskwire',
  };
  const all = { ...DEFAULT_SETTINGS, ...settings, ...fixed };
  return ['-D', directory, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
