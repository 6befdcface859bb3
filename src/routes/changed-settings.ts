import { refuseUnknownNulls, validated } from '../http/validated.js';
import { RouteSettingsBody } from './route.dto.js';

/**
 * @returns the settings with changes applied: null removes one (RFC 7396)
 * @throws Problem 400 `validation_failed`
 */
export function changedRouteSettings(known: RouteSettingsBody, changes: Record<string, unknown>): RouteSettingsBody {
  const kept = Object.entries(known).filter(([name]) => changes[name] !== null);
  return { ...Object.fromEntries(kept), ...readRouteSettings(changes) };
}

/**
 * @returns what changes set, without what they remove
 * @throws Problem 400 `validation_failed`
 */
export function readRouteSettings(changes: Record<string, unknown>): RouteSettingsBody {
  refuseUnknownNulls(RouteSettingsBody, {}, changes, 'settings');
  const set = Object.entries(changes).filter(([, value]) => value !== null);
  return { ...validated(RouteSettingsBody, Object.fromEntries(set), 'settings') };
}
