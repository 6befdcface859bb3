/** One reading of a hook body: what came of it, or why it is not in this notation, in words without payload content. */
export type ParseAttempt = { value: unknown } | { failure: string };
