/** What stops a run before any check: a sentence for the user, exit code 2. */
export class UsageError extends Error {}
