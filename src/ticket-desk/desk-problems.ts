/** What `DeskAccess` refuses, in the words of the OpenAPI document. */
export const NOT_OF_A_DESK = {
  forbidden: 'the role of the key is too small, or its source is not of the provider ticket-desk.',
};
export const KEEPS_NO_TICKETS = {
  forbidden: 'the role of the key is too small, or its source is neither of the provider ticket-desk nor generic.',
};
export const NO_DESK = {
  source_disabled: 'the key has no source of its own, and there is no enabled one of the provider ticket-desk.',
};
