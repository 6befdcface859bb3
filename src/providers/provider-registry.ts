import type { ProviderAdapter } from '../ticket-event/provider-adapter.js';

/** Names stand in hook URLs, so they are kept to what needs no encoding there. */
const PROVIDER_NAME = /^[a-z0-9-]+$/;

/** The adapters by provider name. Built once at start; a mistake in the list stops the start. */
export class ProviderRegistry {
  private readonly byName: ReadonlyMap<string, ProviderAdapter>;

  /** @throws Error when a name is not made of `a-z 0-9 -`, or when two adapters claim the same one */
  constructor(adapters: readonly ProviderAdapter[]) {
    const byName = new Map<string, ProviderAdapter>();
    for (const adapter of adapters) {
      const name = adapter.provider;
      if (!PROVIDER_NAME.test(name)) {
        throw new Error(
          `The provider name ${JSON.stringify(name)} may hold only lower-case letters, digits and hyphens.`,
        );
      }
      if (byName.has(name)) throw new Error(`The provider name "${name}" is registered twice.`);
      byName.set(name, adapter);
    }
    this.byName = byName;
  }

  get(provider: string): ProviderAdapter | undefined {
    return this.byName.get(provider);
  }

  /** @returns all adapters in the order of the list in `providers.module.ts` */
  list(): readonly ProviderAdapter[] {
    return [...this.byName.values()];
  }
}
