import { Module, type Type } from '@nestjs/common';
import type { ProviderAdapter } from '../ticket-event/provider-adapter.js';
import { FaveoModule } from './faveo/faveo.module.js';
import { GenericModule } from './generic/generic.module.js';
import { GrooveModule } from './groove/groove.module.js';
import { TicketDeskProviderModule } from './ticket-desk/ticket-desk.module.js';
import { TicketServiceModule } from './ticket-service/ticket-service.module.js';
import { ProviderRegistry } from './provider-registry.js';

/** What a provider's folder offers: a Nest module that exports its adapter and says which class that is. */
interface ProviderModule extends Type {
  readonly adapter: Type<ProviderAdapter>;
}

/** Every helpdesk that Deskwire understands. A new one is a folder and a line here. */
const PROVIDER_MODULES: readonly ProviderModule[] = [
  GrooveModule,
  FaveoModule,
  TicketServiceModule,
  GenericModule,
  TicketDeskProviderModule,
];

/** Nest has no providers that add up under one token, so the registry is made from the adapters of the list. */
@Module({
  imports: [...PROVIDER_MODULES],
  providers: [
    {
      provide: ProviderRegistry,
      useFactory: (...adapters: ProviderAdapter[]) => new ProviderRegistry(adapters),
      inject: PROVIDER_MODULES.map((module) => module.adapter),
    },
  ],
  exports: [ProviderRegistry],
})
export class ProvidersModule {}
