import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { KeySource } from './encryption-keys.js';
import { SecretBox } from './secret-box.js';

@Global()
@Module({})
export class SecretsModule {
  static register(encryptionKey: string | KeySource): DynamicModule {
    return {
      module: SecretsModule,
      providers: [{ provide: SecretBox, useFactory: () => new SecretBox(encryptionKey) }],
      exports: [SecretBox],
    };
  }
}
