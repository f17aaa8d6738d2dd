declare module '@api/*' {
  export type AppRouter = any
}
