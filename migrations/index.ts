import { AddDeliveryEngine1795476000000 } from './1795476000000-add-delivery-engine.js';
import { CreateGateway1795132800000 } from './1795132800000-create-gateway.js';

/** Every migration, oldest first: a list rather than a pattern, so that a build cannot miss one. */
export const migrations = [CreateGateway1795132800000, AddDeliveryEngine1795476000000];
