import { type DynamicModule, Global, Module } from '@nestjs/common';
import { SecretBox } from './secret-box.js';

@Global()
@Module({})
export class SecretsModule {
  static register(encryptionKey: string): DynamicModule {
    return {
      module: SecretsModule,
      providers: [{ provide: SecretBox, useFactory: () => new SecretBox(encryptionKey) }],
      exports: [SecretBox],
    };
  }
}
