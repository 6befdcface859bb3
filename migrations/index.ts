import { CreateGateway1795132800000 } from './1795132800000-create-gateway.js';

/** Every migration, oldest first: a list rather than a pattern, so that a build cannot miss one. */
export const migrations = [CreateGateway1795132800000];
