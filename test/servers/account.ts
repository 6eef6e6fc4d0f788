/** `nobody` of Debian and its kin. */
const NOBODY = 65_534;

/** Options of `spawn`: PostgreSQL refuses to run as root, so when we are root its programs run as nobody. */
export const runAs: { readonly uid?: number; readonly gid?: number } =
  process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
