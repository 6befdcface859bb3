import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import type { AdminCall } from '../changes/admin-call.js';
import { Clock } from '../clock/clock.js';
import { SubscribersService } from '../destinations/subscribers.service.js';
import type { Caller } from '../http/caller.js';
import type { Page, PageQuery } from '../http/page.js';
import type { InboundCall } from '../intake/inbound-call.js';
import { DeskAccess } from './desk-access.js';
import { ping } from './desk-events.js';
import { DeskLog } from './desk-log.js';
import {
  type PingView,
  type RegisterSubscriberBody,
  type RegistrationView,
  type SubscriberView,
  toSubscriberView,
} from './subscriber.dto.js';

/** Whoever is called back when something happens at any desk. */
@Injectable()
export class DeskSubscribersService {
  constructor(
    private readonly access: DeskAccess,
    private readonly log: DeskLog,
    private readonly subscribers: SubscribersService,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns its id, the same whenever the address is registered again; with the secret, if we made it now
   * @throws Problem 400 `validation_failed`, `forbidden_address`; 403; 409 `too_many_secrets`
   */
  async register(
    { callback_url: url, events, format, secret }: RegisterSubscriberBody,
    caller: Caller,
    call: AdminCall,
  ): Promise<{ registration: RegistrationView; isNew: boolean }> {
    this.access.deskOf(caller);
    const { isNew, ...registration } = await this.subscribers.register(call, {
      url,
      ...(events && { events }),
      ...(format && { format }),
      ...(secret !== undefined && { secret }),
    });
    return { registration, isNew };
  }

  /** Ends the calls to a subscriber; one that is not there needs no ending. @throws Problem 403 */
  async unregister(id: string, caller: Caller, call: AdminCall): Promise<void> {
    this.access.deskOf(caller);
    // What is no UUID is no subscriber's.
    if (isUUID(id)) await this.subscribers.remove(call, id);
  }

  /** @throws Problem 403 */
  async list(query: PageQuery, caller: Caller): Promise<Page<SubscriberView>> {
    this.access.deskOf(caller);
    const page = await this.subscribers.list(query);
    return { ...page, data: page.data.map(toSubscriberView) };
  }

  /** Calls every subscriber. @throws Problem 403 */
  ping(caller: Caller, call: InboundCall): Promise<PingView> {
    const source = this.access.deskOf(caller);
    return this.log.commit(call, async ({ record }) => {
      const { id, deliveries } = await record(source, ping(), this.clock.now());
      return { event_id: id, deliveries };
    });
  }
}
