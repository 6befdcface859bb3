import { applyDecorators } from '@nestjs/common';
import { IsString, Matches } from 'class-validator';
import { Problem } from '../http/problem.js';

/** Of UTF-8: 64 KiB. */
const LONGEST_MESSAGE_BYTES = 65_536;
/** A letter, digit, mark or symbol: something that shows. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;
/** Unicode's Cc, but for tab, line feed and carriage return. */
const NO_CONTROLS = /^[^\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$/;

/** What somebody writes to the desk: text in which something shows, in lines, without control characters. */
export function IsTicketMessage(): PropertyDecorator {
  return applyDecorators(
    IsString(),
    Matches(VISIBLE, { message: ({ property }) => `${property} must not be blank` }),
    Matches(NO_CONTROLS, {
      message: ({ property }) => `${property} must not hold control characters but tabs and line ends`,
    }),
  );
}

/** @throws Problem 413 `message_too_long` */
export function refuseLongMessage(message: string): void {
  if (Buffer.byteLength(message) <= LONGEST_MESSAGE_BYTES) return;
  throw new Problem(
    413,
    'message_too_long',
    `ticket_message: must not be longer than ${LONGEST_MESSAGE_BYTES} bytes of UTF-8.`,
  );
}
