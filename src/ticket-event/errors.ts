/** Helpdesks' own names have up to 50 characters; senders of others may write anything. */
export const LONGEST_EVENT_NAME = 100;

/** The named ways in which a webhook can be refused by an adapter. Messages are shown to the sender: no secrets, no payload values. */
export abstract class ProviderError extends Error {
  abstract readonly code: string;

  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** An event type that the adapter does not know. The sender cannot fix it: recorded and answered 2xx. */
export class UnsupportedEventError extends ProviderError {
  readonly code = 'unsupported_event';

  /** As the log has it: cut. */
  readonly nativeType: string;

  constructor(nativeType: string) {
    super('This event type is not supported.');
    this.nativeType = nativeType.slice(0, LONGEST_EVENT_NAME);
  }
}

/** Nothing in the webhook says which event it is. `where` names the header or field that should. */
export class MissingEventNameError extends ProviderError {
  readonly code = 'missing_event_name';

  constructor(readonly where: string) {
    super(`The event name is missing: it is expected in ${where}.`);
  }
}

/** A known event whose payload cannot be understood. */
export class InvalidPayloadError extends ProviderError {
  readonly code = 'invalid_payload';
}

/** The provider's signature is missing or wrong. */
export class SignatureError extends ProviderError {
  readonly code = 'invalid_signature';
}

/** A helpdesk's API did not do what it was asked for. The message is for the admin: no secrets. */
export class HelpdeskError extends Error {
  readonly code = 'helpdesk_failed';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HelpdeskError';
  }
}

/** A source lacks what its helpdesk's API takes. The message tells the admin what to set. */
export class HelpdeskNotConfiguredError extends Error {
  readonly code = 'helpdesk_not_configured';

  constructor(message: string) {
    super(message);
    this.name = 'HelpdeskNotConfiguredError';
  }
}
