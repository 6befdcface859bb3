import { ParseUUIDPipe } from '@nestjs/common';
import { Problem } from './problem.js';

/** The `{id}` of an address. Anything that is not a UUID is a 400 that says so. */
export const parseId = new ParseUUIDPipe({
  exceptionFactory: () => new Problem(400, 'invalid_id', 'id: must be a UUID.'),
});
