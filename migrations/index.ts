import { AddDeliveryEngine1795476000000 } from './1795476000000-add-delivery-engine.js';
import { AddTicketsAndSourceSecrets1795500000000 } from './1795500000000-add-tickets-and-source-secrets.js';
import { AddSourceSubscriptions1795600000000 } from './1795600000000-add-source-subscriptions.js';
import { AddSubscribers1795700000000 } from './1795700000000-add-subscribers.js';
import { AddFailingDestinations1795800000000 } from './1795800000000-add-failing-destinations.js';
import { AddAdministration1795900000000 } from './1795900000000-add-administration.js';
import { AddLogTools1796000000000 } from './1796000000000-add-log-tools.js';
import { IndexLog1796100000000 } from './1796100000000-index-log.js';
import { KeepTraceContext1796200000000 } from './1796200000000-keep-trace-context.js';
import { CreateGateway1795132800000 } from './1795132800000-create-gateway.js';

/** Every migration, oldest first: a list rather than a pattern, so that a build cannot miss one. */
export const migrations = [
  CreateGateway1795132800000,
  AddDeliveryEngine1795476000000,
  AddTicketsAndSourceSecrets1795500000000,
  AddSourceSubscriptions1795600000000,
  AddSubscribers1795700000000,
  AddFailingDestinations1795800000000,
  AddAdministration1795900000000,
  AddLogTools1796000000000,
  IndexLog1796100000000,
  KeepTraceContext1796200000000,
];
