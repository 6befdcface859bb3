/**
 * An error as Zulip answers it (https://zulip.com/api/rest-error-handling): clients branch on `code`, people read the
 * message, and some codes carry data of their own.
 */
export class SandboxError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Further fields of the answer. */
    readonly data: Readonly<Record<string, unknown>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'SandboxError';
  }
}

/** @returns a 400 of the kind that has no code of its own */
export function badRequest(message: string): SandboxError {
  return new SandboxError(400, 'BAD_REQUEST', message);
}

/** @returns the 400 for a parameter that the endpoint cannot do without */
export function missingArgument(name: string): SandboxError {
  return new SandboxError(400, 'REQUEST_VARIABLE_MISSING', `Missing '${name}' argument`, { var_name: name });
}

/** @returns the 400 for a channel that is not there, by name or by id */
export function channelDoesNotExist(channel: string | number): SandboxError {
  return typeof channel === 'number'
    ? new SandboxError(400, 'STREAM_DOES_NOT_EXIST', `Channel with ID '${channel}' does not exist`, {
        stream_id: channel,
      })
    : new SandboxError(400, 'STREAM_DOES_NOT_EXIST', `Channel '${channel}' does not exist`, { stream: channel });
}

/** @returns the 400 for a narrow that cannot be searched by */
export function badNarrow(description: string): SandboxError {
  return new SandboxError(400, 'BAD_NARROW', `Invalid narrow operator: ${description}`, { desc: description });
}

/** @returns the 401 that Zulip gives for every fault of credentials */
export function unauthorized(message: string): SandboxError {
  return new SandboxError(401, 'UNAUTHORIZED', message, {}, { 'www-authenticate': 'Basic realm="zulip"' });
}

/** @param seconds until a request is let in again, with a fraction */
export function rateLimitHit(seconds: number): SandboxError {
  // Zulip prints a float: a whole number of seconds still has its `.0` in the header.
  const printed = Number.isInteger(seconds) ? seconds.toFixed(1) : String(seconds);
  return new SandboxError(
    429,
    'RATE_LIMIT_HIT',
    'API usage exceeded rate limit',
    { 'retry-after': seconds },
    { 'retry-after': printed },
  );
}
