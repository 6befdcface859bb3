/** How a helpdesk can sign its webhooks. */
export const SIGNATURE_SCHEMES = ['zendesk', 'jira', 'standard', 'hmac-sha256', 'shared-secret'] as const;

export type SignatureScheme = (typeof SIGNATURE_SCHEMES)[number];

/** Those that stand in a header of the admin's choice. */
export const SCHEMES_WITH_HEADER: readonly SignatureScheme[] = ['hmac-sha256', 'shared-secret'];
