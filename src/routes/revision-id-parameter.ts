import type { PipeTransform } from '@nestjs/common';
import { Problem } from '../http/problem.js';

/** A bigint has 19 digits at most; nobody makes so many revisions. */
const REVISION_ID = /^[1-9]\d{0,14}$/;

/** The `{id}` of a revision's address: a whole number. Anything else is a 400 that says so. */
export const parseRevisionId: PipeTransform<unknown, string> = {
  transform: (value) => {
    if (typeof value === 'string' && REVISION_ID.test(value)) return value;
    throw new Problem(400, 'invalid_id', 'id: must be a whole number, from 1 on.');
  },
};
