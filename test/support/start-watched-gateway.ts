import type { GatewayParts } from '../../src/gateway.module.js';
import { type RunningGateway, startGateway } from '../../src/start-gateway.js';
import { logWatch } from './log-watch.js';

/** Starts a gateway that logs all that it can, and watches that no secret is in it. */
export async function startWatchedGateway(parts: GatewayParts): Promise<RunningGateway> {
  const { environment, encryptionKey } = parts;
  environment.LOG_LEVEL = 'trace';
  if (typeof encryptionKey === 'string') logWatch.keep(encryptionKey);
  logWatch.keep(...environment.secretValues());
  const gateway = await startGateway({ logStream: logWatch, ...parts });
  const { adminKey, newSources } = gateway.firstStart;
  logWatch.keep(adminKey ?? undefined);
  for (const source of newSources) logWatch.keepMadeIn(source.hook_url);
  return gateway;
}
