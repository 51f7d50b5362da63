/** The sequence number of the *started* entry that a release is named for: 4 of `r4`. `NaN` for what is no release id. */
export const releaseSeq = (id: string): number => Number(id.slice(1));
