/** Aborted when the process is told to end: streams end then. */
export const shutdown = new AbortController()
