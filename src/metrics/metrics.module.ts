import { Global, Module } from '@nestjs/common';
import { Gauge } from 'prom-client';
import packageDescription from '../../package.json';
import { Environment } from '../config/environment.js';
import { Metrics } from './metrics.js';
import { MetricsController } from './metrics.controller.js';

/** Where every room's measurements come together. */
@Global()
@Module({ controllers: [MetricsController], providers: [Metrics], exports: [Metrics] })
export class MetricsModule {
  constructor(metrics: Metrics, { ROLE: role }: Environment) {
    const info = new Gauge({
      name: 'deskwire_info',
      help: 'Always 1. Says which version runs here, and in which role.',
      labelNames: ['version', 'role'],
      registers: [metrics],
    });
    info.set({ version: packageDescription.version, role }, 1);
  }
}
