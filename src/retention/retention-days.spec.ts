import { validateEnvironment } from '../config/validate-environment.js';
import { cutOff, retentionDays } from './retention-days.js';

describe('retentionDays', () => {
  it.each<[Record<string, string>, (number | undefined)[]]>([
    [{}, [undefined, undefined, undefined, undefined]],
    [{ RETENTION_DAYS: '' }, [undefined, undefined, undefined, undefined]],
    [{ RETENTION_DAYS: '90' }, [90, 90, 90, undefined]],
    [{ RETENTION_DAYS: '90', RETENTION_DAYS_DELIVERIES: '36500', RETENTION_DAYS_RAW: '90' }, [90, 36_500, 90, 90]],
    [{ RETENTION_DAYS_EVENTS: '1', RETENTION_DAYS_ATTEMPTS: '7' }, [1, undefined, 7, undefined]],
    [{ RETENTION_DAYS_RAW: '3' }, [undefined, undefined, undefined, 3]],
  ])('%j', (environment, [events, deliveries, attempts, raw]) => {
    expect(retentionDays(validateEnvironment(environment))).toEqual({ events, deliveries, attempts, raw });
  });
});

describe('cutOff', () => {
  it('is so many times 24 hours ago, or never', () => {
    const now = new Date('2026-03-31T10:00:00Z');
    expect(cutOff(30, now)).toEqual(new Date('2026-03-01T10:00:00Z'));
    expect(cutOff(undefined, now)).toBeUndefined();
  });
});
