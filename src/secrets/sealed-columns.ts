/** Where sources keep the token of their hook URL. */
export const SOURCE_TOKEN = { table: 'sources', column: 'token' } as const;
/** What sources are entrusted with. */
export const SOURCE_SECRETS = { table: 'sources', column: 'secrets' } as const;
export const DESTINATION_SECRETS = { table: 'destinations', column: 'secrets' } as const;

/** Every column that holds what `SecretBox` encrypted: a rotation of the key goes through them all. */
export const SEALED_COLUMNS = [SOURCE_TOKEN, SOURCE_SECRETS, DESTINATION_SECRETS];
export type SealedColumn = (typeof SEALED_COLUMNS)[number];

/** @returns what an encrypted value is bound to, so that it is of no use in another row or column */
export function placeOf({ table, column }: SealedColumn, id: string): string {
  return `${table}/${id}/${column}`;
}
