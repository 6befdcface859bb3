import { type FieldProblem } from '../http/problem.js';
import { validationProblem } from '../http/validation.js';
import { checkTemplate } from '../templating/liquid-engine.js';
import { TemplateError } from '../templating/template-error.js';
import { compileMatcher } from './compile-matcher.js';
import { type Matcher, MatcherError } from './matcher.js';
import type { RouteSettingsBody } from './route.dto.js';

/**
 * Refuses what could never work, before it is saved: unknown fields, operators that do not fit, patterns that RE2 does
 * not compile, templates that do not parse.
 *
 * @throws Problem 400 `validation_failed` that names each fault
 */
export function checkRoute(route: { matchers: Matcher[]; settings?: RouteSettingsBody }): void {
  const errors = [
    ...route.matchers.flatMap((matcher, index) => matcherProblems(matcher, `matchers.${index}`)),
    ...templateProblems(route.settings?.topic, 'settings.topic'),
    ...templateProblems(route.settings?.message, 'settings.message'),
  ];
  if (errors.length > 0) throw validationProblem(errors);
}

function matcherProblems(matcher: Matcher, field: string): FieldProblem[] {
  try {
    compileMatcher(matcher);
    return [];
  } catch (error) {
    if (!(error instanceof MatcherError)) throw error;
    return [{ field, message: `${field}: ${error.message}` }];
  }
}

function templateProblems(template: string | undefined, field: string): FieldProblem[] {
  if (template === undefined) return [];
  try {
    checkTemplate(template);
    return [];
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return [{ field, message: `${field}: ${error.message}` }];
  }
}
