import type { leads, mentorados, payments, users } from './schema.ts'

type User = typeof users.$inferSelect & { mentorado: Mentorado }
type Payment = typeof payments.$inferSelect & { mentorado: Mentorado }
type Mentorado = typeof mentorados.$inferSelect & { user: User; leads: Lead[]; payments: Payment[] }
type Lead = typeof leads.$inferSelect & { mentorado: Mentorado }

/** Names of fields, also of related rows: `mentorado.user.name`. */
type FieldPath<T, Depth extends unknown[] = []> = Depth['length'] extends 11
  ? never
  : T extends Date
    ? never
    : T extends (infer Item)[]
      ? FieldPath<Item, Depth>
      : T extends object
        ? { [K in keyof T & string]: K | `${K}.${FieldPath<T[K], [...Depth, K]>}` }[keyof T & string]
        : never

type FieldValue<T, Path extends string> = T extends (infer Item)[]
  ? FieldValue<Item, Path>
  : Path extends `${infer Key}.${infer Rest}`
    ? Key extends keyof T
      ? FieldValue<T[Key], Rest>
      : never
    : Path extends keyof T
      ? T[Path]
      : never

/** Only texts and times can be sorted. */
type Sortable<Path> = Path extends string ? (FieldValue<Lead, Path> extends string | Date | null ? Path : never) : never

export interface LeadFilter {
  text?: string
  status?: string
  orderBy?: Sortable<FieldPath<Lead>>
}
