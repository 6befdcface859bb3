import type { Problem } from './problem.js';

/**
 * Stands in the place of a body that could not be parsed. Bodies are parsed before anybody asks for the key, but it is
 * the key that is judged first: whoever has none learns that, and nothing of their body. It is refused by whatever looks
 * at bodies next: `CleanInputPipe`, or `refuseUnexpected`.
 */
export class UnreadableBody {
  constructor(readonly problem: Problem) {}
}
