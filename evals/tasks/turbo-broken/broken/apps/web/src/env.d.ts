/** Replaced at the build. */
declare const API_URL: string
