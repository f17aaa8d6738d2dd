export interface LeadFilter {
  text?: string
  status?: string
  orderBy?: string
}
