export const limits = { nameLength: 80, pageSize: 50 }
