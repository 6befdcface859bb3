import { Problem } from './problem.js';

const LONGEST_HEADER = 1_000;
/** RFC 9110, 8.8.3: a strong tag, or a weak one. */
const ENTITY_TAG = '(?:W/)?"[\\x21\\x23-\\x7e\\x80-\\xff]*"';
const TAG_LIST = new RegExp(`^${ENTITY_TAG}(?:[ \\t]*,[ \\t]*${ENTITY_TAG})*$`);
const EACH_TAG = new RegExp(ENTITY_TAG, 'g');

/** @returns a version as an entity tag (RFC 9110, 8.8.3) */
export function entityTag(version: number | string): string {
  return `"${version}"`;
}

/**
 * Honours `If-Match` (RFC 9110, 13.1.1): one of its tags must be the present one; weak ones never are.
 *
 * @param ifMatch undefined where it was not sent
 * @param what is to be changed, in words, e.g. `ticket`
 * @throws Problem 400 `invalid_if_match`, 412 `precondition_failed`
 */
export function requireMatch(ifMatch: string | undefined, version: number | string, what: string): void {
  const header = ifMatch?.trim();
  if (header === undefined || header === '*') return;
  if (header.length > LONGEST_HEADER || !TAG_LIST.test(header)) {
    throw new Problem(400, 'invalid_if_match', 'If-Match: must hold entity tags such as "3", or *.');
  }
  const tag = entityTag(version);
  if (header.match(EACH_TAG)?.includes(tag)) return;
  throw new Problem(
    412,
    'precondition_failed',
    `If-Match: the ${what} has been changed; its version is ${version} now.`,
  );
}
