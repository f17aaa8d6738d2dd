import { z } from 'zod'

export const env = z
  .object({
    PORT: z.coerce.number().default(3000),
    DATABASE_URL: z.string().min(1),
    APP_ORIGIN: z.string().default('http://localhost:5173'),
    CLERK_JWT_KEY: z.string().min(1),
    STRIPE_WEBHOOK_SECRET: z.string().default(''),
    MESSAGES_URL: z.string().default('http://localhost:9999'),
  })
  .parse(process.env)
