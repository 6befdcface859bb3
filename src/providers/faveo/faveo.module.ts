import { Module } from '@nestjs/common';
import { HelpdeskApiModule } from '../helpdesk-api/helpdesk-api.module.js';
import { FaveoAdapter } from './faveo.adapter.js';
import { FaveoEnricher } from './faveo.enricher.js';

@Module({ imports: [HelpdeskApiModule], providers: [FaveoAdapter, FaveoEnricher], exports: [FaveoAdapter] })
export class FaveoModule {
  static readonly adapter = FaveoAdapter;
}
