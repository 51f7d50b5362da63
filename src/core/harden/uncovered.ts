/** What these walls do not hold, said wherever they are offered. */

export interface Gap {
  /** Kebab-case, and stays what it is from release to release. */
  readonly id: string;
  readonly text: string;
}

export const gaps: readonly Gap[] = [
  {
    id: "account",
    text: "The account's root user can put and delete a bucket's policy whatever it says, and so can whoever may become one of the persons named. IAM, AWS Organizations and a stolen session of theirs decide that, not the bucket.",
  },
  {
    id: "seen",
    text: "A condition on a write is not proof of having looked: any writer who is let in can fetch the ETag and send it back at once. That is why writers are named, too.",
  },
  {
    id: "versions",
    text: "Persons can delete earlier versions for good, and a lifecycle rule that was there before goes on deleting them. Object Lock or MFA delete would hold them as well.",
  },
  {
    id: "other-places",
    text: "Only these buckets and prefixes. Copies of the site elsewhere, other buckets behind the same distribution, and what a bucket is replicated to are as open as they were; replication, inventory and log delivery into these places are refused from now on.",
  },
  {
    id: "copies",
    text: "AWS contradicts itself on CopyObject under such a policy: one page says that a copy with a condition is refused with 501, a later announcement says that it works. belay tries it out and sends the bytes itself where a copy is refused.",
  },
  {
    id: "edge",
    text: "CloudFront has no policies of its own: who may change a distribution, purge it or point a name elsewhere is IAM's matter, and the console can do all of it.",
  },
  {
    id: "presigned",
    text: "A presigned URL or a browser's POST form that one of the writers has signed writes as that writer until it expires; a form's POST that creates an object carries no condition and is refused.",
  },
  {
    id: "canaries",
    text: "The objects on which belay tries conditions out keep their versions, since nobody but a person may delete one: let a lifecycle rule expire .belay-canary/.",
  },
  {
    id: "state",
    text: "A damaged object of the vault can no longer be mended in place; whoever reads the record reads every page that was ever replaced.",
  },
  {
    id: "untried",
    text: "Bucket policies were held against AWS's documentation by an evaluator and taken by servers that imitate S3; they were not run against AWS.",
  },
];
