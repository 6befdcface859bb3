import { TemplateError } from '../../../templating/template-error.js';
import { TICKET_EVENT_TYPES } from '../../../ticket-event/ticket-event.js';
import { asPayload, type Payload } from '../../read-payload.js';
import { fieldLanguage } from './field-language.js';
import { eventTypeOf, speaksForItself } from './mapped-words.js';
import { isMappable } from './mapping-fields.js';

/** A TicketEvent has some forty fields beside the custom ones. */
const MOST_FIELDS = 60;
const LONGEST_SHOWN_FIELD = 100;
const MARKUP = /\{\{|\{%/;
/** Each is enough for a message; a type may be one that needs no more. */
const SAYS_SOMETHING = /^(?:ticket\.key|message\.text|person\.(?:id|name|email))$/;

/** What is wrong with a mapping, and in which of the source's settings. */
export interface MappingProblem {
  /** `mapping`, or `mapping.` and the field of the TicketEvent. */
  field: string;
  message: string;
}

/**
 * Judges `settings.mapping` before it is saved: a field that no TicketEvent has, a template that does not parse (with
 * line and column), a type that there is not, a mapping that could never say anything.
 *
 * @returns nothing where it can be used
 */
export function checkMapping(mapping: unknown): MappingProblem[] {
  const templates = asPayload(mapping);
  if (!templates) return [{ field: 'mapping', message: 'must be an object of fields, each with a template' }];
  const fields = Object.keys(templates);
  if (fields.length > MOST_FIELDS) {
    return [{ field: 'mapping', message: `has ${fields.length} fields; at most ${MOST_FIELDS} are possible` }];
  }
  return [...fields.flatMap((field) => fieldProblems(field, templates[field])), ...wholeProblems(templates)];
}

function fieldProblems(field: string, template: unknown): MappingProblem[] {
  const message = fieldProblem(field, template);
  return message === undefined ? [] : [{ field: `mapping.${field.slice(0, LONGEST_SHOWN_FIELD)}`, message }];
}

function fieldProblem(field: string, template: unknown): string | undefined {
  if (!isMappable(field)) return 'is not a field of a ticket event that can be mapped';
  if (typeof template !== 'string') return 'must be a Liquid template, as text';
  if (template.trim() === '') return 'must not be blank; leave the field out';
  try {
    fieldLanguage.check(template);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return error.message;
  }
  if (field === 'type' && isConstant(template) && !eventTypeOf(template)) {
    return `must be one of ${TICKET_EVENT_TYPES.join(', ')}`;
  }
  return undefined;
}

function wholeProblems(templates: Payload): MappingProblem[] {
  const fields = Object.keys(templates);
  if (!fields.includes('ticket.key') && fields.some((field) => field.startsWith('ticket.'))) {
    return [
      { field: 'mapping.ticket.key', message: 'is needed for the other fields of the ticket: it tells tickets apart' },
    ];
  }
  if (fields.some((field) => SAYS_SOMETHING.test(field)) || maySpeakForItself(templates['type'])) return [];
  return [{ field: 'mapping', message: 'could never say anything: it needs ticket.key or message.text' }];
}

function maySpeakForItself(type: unknown): boolean {
  if (typeof type !== 'string') return false;
  if (!isConstant(type)) return true;
  const known = eventTypeOf(type);
  return known !== undefined && speaksForItself(known);
}

function isConstant(template: string): boolean {
  return !MARKUP.test(template);
}
