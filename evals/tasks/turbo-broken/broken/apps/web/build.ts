const { success, logs } = await Bun.build({
  entrypoints: ['src/main.ts'],
  outdir: 'dist',
  target: 'browser',
  define: { API_URL: JSON.stringify(process.env.API_URL ?? 'http://localhost:3000') },
})
for (const log of logs) console.error(log)
if (!success) process.exit(1)
