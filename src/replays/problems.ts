/** What a filter can be refused for, beside its fields. */
export const FILTER_PROBLEMS = {
  validation_failed: 'a field is wrong; `errors` says which.',
  empty_filter: 'the filter names nothing.',
  too_many: 'it names more than 100,000; narrow it.',
  question_too_costly: 'to find what it names takes too long; narrow it.',
};

export const TURN_PROBLEMS = {
  busy: 'others are changing what waits, and keep this waiting too long; `Retry-After` says when to come again.',
};
