import { type FieldProblem } from '../http/problem.js';
import { validationProblem } from '../http/validation.js';
import type { Notifier, TemplatePart } from '../notifiers/notifier.js';
import { TemplateError } from '../templating/template-error.js';
import { matcherProblems } from './check-matchers.js';
import type { Matcher } from './matcher.js';
import type { RouteSettingsBody } from './route.dto.js';

/** What a route is to have that it has not had so far. */
export interface RouteNews {
  matchers?: readonly Matcher[] | undefined;
  /** All of them where the route is to lead to another destination. */
  settings?: RouteSettingsBody | undefined;
}

/** Settings that say how messages for people look, or what becomes of their topics. */
const FOR_PEOPLE = ['channel', 'topic', 'message', 'resolve_on_close'] as const;

/**
 * Refuses what could never work, before it is saved: unknown fields, operators that do not fit, patterns that RE2 does
 * not compile or that cost too much, templates that do not parse or that fail with samples of events, and settings that
 * mean nothing to the destination.
 *
 * @param notifier of the destination; undefined for a kind that there is not
 * @throws Problem 400 `validation_failed` that names each fault
 */
export function checkRoute({ matchers = [], settings = {} }: RouteNews, notifier: Notifier | undefined): void {
  const errors = [
    ...matcherProblems(matchers),
    ...(notifier?.tryTemplate
      ? [...templateProblems('topic', settings, notifier), ...templateProblems('message', settings, notifier)]
      : superfluousProblems(settings, notifier?.kind ?? 'unknown')),
  ];
  if (errors.length > 0) throw validationProblem(errors);
}

function templateProblems(part: TemplatePart, settings: RouteSettingsBody, notifier: Notifier): FieldProblem[] {
  const template = settings[part];
  if (template === undefined) return [];
  try {
    notifier.tryTemplate?.(part, template);
    return [];
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const field = `settings.${part}`;
    return [{ field, message: `${field}: ${error.message}` }];
  }
}

/** Else an admin who set them would believe that they are looked at. */
function superfluousProblems(settings: RouteSettingsBody, kind: string): FieldProblem[] {
  return FOR_PEOPLE.filter((name) => settings[name] !== undefined).map((name) => ({
    field: `settings.${name}`,
    message: `settings.${name}: means nothing to a destination of the kind ${kind}, whose messages have a fixed form`,
  }));
}
