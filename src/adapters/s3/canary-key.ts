/** Where a store tries out what its server honours: never published, never listed. */
const folder = ".belay-canary";

/** The key of one trial. */
export const canaryKey = (nonce: string): string => `${folder}/${nonce}`;

/** Whether a key lies in such a folder, of this store or of one below it. */
export const isCanaryKey = (key: string): boolean => key.startsWith(`${folder}/`) || key.includes(`/${folder}/`);
