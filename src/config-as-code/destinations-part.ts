import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import { Environment } from '../config/environment.js';
import { CreateDestinationBody, UpdateDestinationBody } from '../destinations/destination.dto.js';
import { Destination } from '../destinations/destination.entity.js';
import { addressOf } from '../destinations/destination-address.js';
import { readSecrets } from '../destinations/destination-secrets.js';
import type { DestinationSettings } from '../destinations/destination-settings.dto.js';
import { DestinationsService } from '../destinations/destinations.service.js';
import { validated } from '../http/validated.js';
import { validationProblem } from '../http/validation.js';
import { OutboundPolicy } from '../outgoing/outbound-policy.js';
import { refuseForbiddenAddress } from '../outgoing/refuse-forbidden-address.js';
import { SecretBox } from '../secrets/secret-box.js';
import { compareThings, plainOf, settingsPatch, type Thing } from './compare-things.js';
import type { ConfigDestination } from './config-document.dto.js';
import { NOTHING_PLANNED, type PartPlan, speakingOf } from './config-part.js';
import { masksOf, type Secrets, secretsToGive, type SettledSecrets, settleSecrets } from './settle-secrets.js';

/** What each kind is entrusted with; whatever else is stored is a remnant of rotations. */
const SECRETS: Readonly<Record<string, string>> = { zulip: 'api_key', webhook: 'signing_secret' };
/** Another one of these needs the secret anew. */
const ADDRESSES = ['site', 'url', 'email'] as const;

interface KnownDestination extends Thing {
  row: Destination;
  secrets: Secrets;
}

interface WishedDestination extends Thing {
  place: string;
  config: ConfigDestination;
  settings: Record<string, unknown>;
  secrets: SettledSecrets;
}

/** Destinations in a configuration document. The ticket desk's subscribers are none of it: they come and go by themselves. */
@Injectable()
export class DestinationsPart {
  constructor(
    private readonly destinations: DestinationsService,
    private readonly policy: OutboundPolicy,
    private readonly box: SecretBox,
    private readonly environment: Environment,
  ) {}

  /** @returns all destinations but subscribers, oldest first */
  async read(manager: EntityManager): Promise<KnownDestination[]> {
    const where = { deletedAt: IsNull(), isSubscriber: false };
    const rows = await manager.find(Destination, { where, order: { id: 'asc' } });
    return rows.map((row) => {
      const { name, kind, settings } = row;
      const isEntrusted = ([secret]: [string, string]): boolean => secret === SECRETS[kind];
      // One that cannot be decrypted is there all the same, and any other one differs from it.
      const opened = readSecrets(row, this.box) ?? { [SECRETS[kind] ?? 'secret']: '' };
      const secrets: Secrets = Object.fromEntries(Object.entries(opened).filter(isEntrusted));
      return { row, name, secrets, facts: factsOf(kind, plainOf(settings), masksOf(secrets), row.disabledAt !== null) };
    });
  }

  /** Looks where new addresses lead, before any transaction. @throws Problem 400 `validation_failed`, `forbidden_address` */
  async judgeAddresses(manager: EntityManager, configs: readonly ConfigDestination[] = []): Promise<void> {
    const known = new Map((await this.read(manager)).map(({ name, row }) => [name, addressOf(row.settings)]));
    for (const [index, config] of configs.entries()) {
      await speakingOf(`destinations.${index}`, config.name, async () => {
        const address = addressOf(settingsOf(config));
        if (address !== known.get(config.name)) await refuseForbiddenAddress(this.policy, address);
      });
    }
  }

  /** @throws Problem 400 for what could not be saved */
  async plan(manager: EntityManager, configs: readonly ConfigDestination[] | undefined): Promise<PartPlan> {
    if (!configs) return NOTHING_PLANNED;
    const known = await this.read(manager);
    const wished: WishedDestination[] = [];
    for (const [index, config] of configs.entries()) {
      const before = known.find(({ name }) => name === config.name);
      const place = `destinations.${index}`;
      wished.push(await speakingOf(place, config.name, () => this.wish(config, place, before)));
    }
    const comparison = compareThings('destination', known, wished);
    return {
      ...comparison.changes,
      save: async (step) => {
        for (const { place, name, config, settings, secrets } of comparison.create) {
          const { kind, disabled = false } = config;
          const hasSecrets = Object.keys(secrets.values).length > 0;
          const fields = { name, kind, settings, ...(hasSecrets && { secrets: secrets.values }), disabled };
          await speakingOf(place, name, () =>
            this.destinations.createIn(step, validated(CreateDestinationBody, fields)),
          );
        }
        for (const { known: before, wished: after } of comparison.update) {
          const fields = changesOf(before, after);
          await speakingOf(after.place, after.name, () =>
            this.destinations.updateIn(step, before.row.id, validated(UpdateDestinationBody, fields)),
          );
        }
      },
      remove: async (step) => {
        for (const { name, row } of comparison.delete) {
          await speakingOf('destinations', name, () => this.destinations.removeIn(step, row.id));
        }
      },
    };
  }

  private wish(config: ConfigDestination, place: string, before: KnownDestination | undefined): WishedDestination {
    const { name, kind } = config;
    if (before && before.row.kind !== kind) {
      const message = 'kind: cannot be changed; give the destination another name, or remove it first';
      throw validationProblem([{ field: 'kind', message }]);
    }
    const settings = plainOf(settingsOf(config));
    const settled = settleSecrets(config.secrets ?? {}, before?.secrets ?? {}, this.environment);
    // No destination can do without: what the document leaves out stays.
    const secrets = { ...settled, removed: [], masks: { ...masksOf(before?.secrets ?? {}), ...settled.masks } };
    return {
      place,
      name,
      config,
      settings,
      secrets,
      facts: factsOf(kind, settings, secrets.masks, config.disabled === true),
    };
  }
}

/** @throws Problem 400 `validation_failed` for settings that are none of its kind */
function settingsOf({ name, kind, settings }: ConfigDestination): DestinationSettings {
  return validated(CreateDestinationBody, { name, kind, settings }).settings;
}

function factsOf(kind: string, settings: object, secrets: object, isDisabled: boolean): object {
  return { kind, settings, secrets, disabled: isDisabled };
}

function changesOf({ row }: KnownDestination, { name, config, settings, secrets }: WishedDestination): object {
  const known: Record<string, unknown> = { ...row.settings };
  const isElsewhere = ADDRESSES.some((address) => settings[address] !== known[address]);
  const given = secretsToGive(secrets, isElsewhere);
  const isDisabled = config.disabled === true;
  return {
    name,
    settings: settingsPatch(known, settings),
    ...(Object.keys(given).length > 0 && { secrets: given }),
    ...(isDisabled !== (row.disabledAt !== null) && { disabled: isDisabled }),
  };
}
