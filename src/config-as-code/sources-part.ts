import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import { Environment } from '../config/environment.js';
import { validationProblem } from '../http/validation.js';
import { validated } from '../http/validated.js';
import { CreateSourceBody, UpdateSourceBody } from '../sources/source.dto.js';
import { Source } from '../sources/source.entity.js';
import { SourceRules } from '../sources/source-rules.js';
import { SourceVault } from '../sources/source-vault.js';
import { SourcesService } from '../sources/sources.service.js';
import { compareThings, plainOf, settingsPatch, type Thing } from './compare-things.js';
import type { ConfigSource } from './config-document.dto.js';
import { NOTHING_PLANNED, type PartPlan, speakingOf } from './config-part.js';
import { masksOf, type Secrets, secretsToGive, type SettledSecrets, settleSecrets } from './settle-secrets.js';

interface KnownSource extends Thing {
  row: Source;
  /** None where they cannot be decrypted. */
  secrets: Secrets;
  isUnreadable: boolean;
}

interface WishedSource extends Thing {
  place: string;
  config: ConfigSource;
  settings: Record<string, unknown>;
  secrets: SettledSecrets;
}

/** Sources in a configuration document. */
@Injectable()
export class SourcesPart {
  constructor(
    private readonly sources: SourcesService,
    private readonly rules: SourceRules,
    private readonly vault: SourceVault,
    private readonly environment: Environment,
  ) {}

  /** @returns all sources, oldest first */
  async read(manager: EntityManager): Promise<KnownSource[]> {
    const rows = await manager.find(Source, { where: { deletedAt: IsNull() }, order: { id: 'asc' } });
    return rows.map((row) => {
      const opened = this.vault.open(row);
      const secrets: Secrets = { ...opened };
      const { name, provider, settings } = row;
      return {
        row,
        name,
        secrets,
        isUnreadable: opened === undefined,
        facts: factsOf(provider, plainOf(settings), masksOf(secrets), row.disabledAt !== null),
      };
    });
  }

  /** Looks where new addresses lead, before any transaction. @throws Problem 400 `forbidden_address` */
  async judgeAddresses(manager: EntityManager, configs: readonly ConfigSource[] = []): Promise<void> {
    const known = new Map((await this.read(manager)).map(({ name, row }) => [name, row.settings]));
    for (const [index, { name, settings = {} }] of configs.entries()) {
      await speakingOf(`sources.${index}`, name, () => this.rules.judgeAddress(settings, known.get(name)));
    }
  }

  /** @throws Problem 400 for what could not be saved */
  async plan(manager: EntityManager, configs: readonly ConfigSource[] | undefined): Promise<PartPlan> {
    if (!configs) return NOTHING_PLANNED;
    const known = await this.read(manager);
    const wished: WishedSource[] = [];
    for (const [index, config] of configs.entries()) {
      const before = known.find(({ name }) => name === config.name);
      const place = `sources.${index}`;
      wished.push(await speakingOf(place, config.name, () => this.wish(config, place, before)));
    }
    const comparison = compareThings('source', known, wished);
    return {
      ...comparison.changes,
      save: async (step) => {
        for (const { place, name, config, settings, secrets } of comparison.create) {
          const { provider, disabled = false } = config;
          const fields = { name, provider, settings, secrets: secrets.values, disabled };
          await speakingOf(place, name, () => this.sources.createIn(step, validated(CreateSourceBody, fields)));
        }
        for (const { known: before, wished: after } of comparison.update) {
          const fields = changesOf(before, after);
          await speakingOf(after.place, after.name, () =>
            this.sources.updateIn(step, before.row.id, validated(UpdateSourceBody, fields)),
          );
        }
      },
      remove: async (step) => {
        for (const { name, row } of comparison.delete) {
          await speakingOf('sources', name, () => this.sources.removeIn(step, row.id));
        }
      },
    };
  }

  private wish(config: ConfigSource, place: string, before: KnownSource | undefined): WishedSource {
    if (before && before.row.provider !== config.provider) {
      const message = 'provider: cannot be changed; give the source another name, or remove it first';
      throw validationProblem([{ field: 'provider', message }]);
    }
    const secrets = settleSecrets(config.secrets ?? {}, before?.secrets ?? {}, this.environment);
    const settings = plainOf(config.settings);
    const facts = factsOf(config.provider, settings, secrets.masks, config.disabled === true);
    return { place, name: config.name, config, settings, secrets, facts };
  }
}

function factsOf(provider: string, settings: object, secrets: object, isDisabled: boolean): object {
  return { provider, settings, secrets, disabled: isDisabled };
}

function changesOf({ row }: KnownSource, { name, config, settings, secrets }: WishedSource): object {
  const { api_url: known } = row.settings;
  const given = secretsToGive(secrets, settings['api_url'] !== known);
  const removed = Object.fromEntries(secrets.removed.map((secret) => [secret, null]));
  const isDisabled = config.disabled === true;
  return {
    name,
    settings: settingsPatch(row.settings, settings),
    secrets: { ...given, ...removed },
    ...(isDisabled !== (row.disabledAt !== null) && { disabled: isDisabled }),
  };
}
