export { startPostgres } from './postgres.ts'
export { startRedis } from './redis.ts'
export { unavailable } from './service.ts'
export type { Service } from './service.ts'
