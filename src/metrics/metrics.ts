import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';

/**
 * What this gateway measures. Each room makes its own metrics and registers them here (`registers: [metrics]`), so that
 * what a number means stands beside what it counts. docs/metrics.md lists them all: a test compares.
 *
 * Names and units: https://prometheus.io/docs/practices/naming/
 */
@Injectable()
export class Metrics extends Registry {
  private readonly readings: (() => Promise<void>)[] = [];

  /**
   * Has something read that takes a while, before anything else is told: what is read is of one moment, and what reading it
   * takes of the process is not part of what is measured.
   *
   * @param read takes care of its own errors
   */
  readBefore(read: () => Promise<void>): void {
    this.readings.push(read);
  }

  /** @returns all of it, in Prometheus' text format */
  override async metrics(): Promise<string> {
    await Promise.all(this.readings.map((read) => read()));
    return super.metrics();
  }
}
