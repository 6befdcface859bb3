import packageDescription from '../../package.json';

/** How we name ourselves to the servers that we call. */
export const USER_AGENT = `Deskwire/${packageDescription.version}`;
