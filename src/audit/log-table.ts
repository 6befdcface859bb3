import type { Facet } from './facet.js';
import type { Lead } from './lead.js';

/** How a table of the log is read in pages. */
export interface LogTable<Filter> {
  /** What its rows are called in the statements: what their columns and conditions begin with. */
  row: 'd' | 'e';
  /** The rows, with what their columns need. */
  from: string;
  columns: string;
  facets: (filter: Filter) => Facet[];
  lead: (filter: Filter) => Lead[];
  /** Where its rows' words are; also the name of the mark up to which they are complete. */
  words: 'event_words' | 'delivery_words';
  /** Of a row by itself: whether it has the words `QUESTION`, `MARK` being where the index of words ends. */
  hasWords: string;
  /** Ways to find the ids of rows `x` that have the words, beside the index of words; `isLate`: of what it does not know. */
  otherWords: readonly { find: string; isLate?: boolean }[];
}
