import { validateEnvironment } from '../config/validate-environment.js';
import type { FirstStartResult } from './first-start.js';
import { startUpMessage } from './start-up-message.js';

const URL = 'http://127.0.0.1:3000';
const usual: FirstStartResult = {
  adminKey: null,
  newSources: [],
  newDestination: null,
  hasDestination: true,
  sandbox: false,
};

describe('startUpMessage', () => {
  it('says on a later start where to look', () => {
    expect(startUpMessage(URL, validateEnvironment({}), usual)).toBe(
      '\nDeskwire listens on http://127.0.0.1:3000   (API: http://127.0.0.1:3000/docs)\n\n' +
        "Deliveries: curl 'http://127.0.0.1:3000/api/v1/deliveries' -H 'Authorization: Bearer YOUR_ADMIN_KEY'\n" +
        'A key that was lost is replaced by: npm run keys -- create\n\n',
    );
  });

  it('does not send people to a worker', () => {
    const worker = { ROLE: 'worker', DATABASE_URL: 'postgres://db/deskwire', ENCRYPTION_KEY: 'k'.repeat(32) };
    expect(startUpMessage(URL, validateEnvironment(worker), usual)).toBe(
      '\nDeskwire delivers. Probes: http://127.0.0.1:3000/health/ready\n\n',
    );
  });

  it('promises no message where there is no destination', () => {
    const message = startUpMessage(URL, validateEnvironment({}), {
      ...usual,
      adminKey: 'dw_new',
      hasDestination: false,
    });
    expect(message).toContain('nothing is sent yet');
    expect(message).not.toContain('curl -X POST');
  });
});
