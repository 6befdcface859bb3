/** One number for all processes of one database; whoever changes the schema holds it. */
export const MIGRATION_LOCK = 4_815_162_342;
