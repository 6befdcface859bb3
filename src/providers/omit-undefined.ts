/** `T` as a reader of payloads has it: what may be absent may also be undefined. */
type Undetermined<T> = {
  [K in keyof T]: Partial<Pick<T, K>> extends Pick<T, K> ? T[K] | undefined : T[K];
};

/** @returns the fields without those that are undefined, since the contract's optional fields are absent, never undefined */
export function omitUndefined<T extends object>(fields: Undetermined<T>): T {
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(fields) as (keyof T & string)[]) {
    const value = fields[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept as T;
}
