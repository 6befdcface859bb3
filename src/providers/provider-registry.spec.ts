import { Test } from '@nestjs/testing';
import type { ProviderAdapter } from '../ticket-event/provider-adapter.js';
import { SystemClock } from '../clock/clock.js';
import { ClockModule } from '../clock/clock.module.js';
import { ConfigModule } from '../config/config.module.js';
import { Environment } from '../config/environment.js';
import { ProviderRegistry } from './provider-registry.js';
import { ProvidersModule } from './providers.module.js';

const adapterNamed = (provider: string): ProviderAdapter => ({ provider, nativeTypes: [], normalise: () => [] });

describe('the provider registry', () => {
  it('finds adapters by name and lists them in order', () => {
    const [one, other] = [adapterNamed('two-2'), adapterNamed('one')];
    const registry = new ProviderRegistry([one, other]);
    expect(registry.get('one')).toBe(other);
    expect(registry.get('constructor')).toBeUndefined();
    expect(registry.list()).toEqual([one, other]);
  });

  it('refuses a name that is registered twice', () => {
    expect(() => new ProviderRegistry([adapterNamed('groove'), adapterNamed('groove')])).toThrow(
      'The provider name "groove" is registered twice.',
    );
  });

  it.each(['', 'Groove', 'ticket_service', 'a/b', 'ä', 'a\n'])('refuses the name %j', (name) => {
    expect(() => new ProviderRegistry([adapterNamed(name)])).toThrow(JSON.stringify(name));
  });

  it('is filled from the list of provider modules', async () => {
    const module = await Test.createTestingModule({
      imports: [ConfigModule.register(new Environment()), ClockModule.register(new SystemClock()), ProvidersModule],
    }).compile();
    const registry = module.get(ProviderRegistry);
    const names = ['groove', 'faveo', 'ticket-service', 'generic', 'ticket-desk'];
    expect(registry.list().map(({ provider }) => provider)).toEqual(names);
    expect(registry.get('groove')?.nativeTypes).toContain('ticket_started');
    await module.close();
  });
});
