/** What an answer shows once: hook URLs hold a token. */
const SHOWN_ONCE: readonly string[] = ['hook_url', 'key', 'secret'];

/** @returns an answer as it may be kept, and given again */
export function withoutShownOnce(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return answer;
  return Object.fromEntries(Object.entries(answer).filter(([name]) => !SHOWN_ONCE.includes(name)));
}
