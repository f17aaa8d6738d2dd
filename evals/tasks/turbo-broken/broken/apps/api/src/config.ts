export const config = {
  port: Number(process.env.PORT ?? 3000),
  databaseUrl: process.env.DATABASE_URL ?? 'postgres://studio:local-only@localhost/studio',
  nameLength: 80,
  pageSize: 50,
}
