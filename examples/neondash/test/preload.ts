import { afterAll } from 'bun:test'
import { hasRedis, stopServers } from './start'

if (!hasRedis) console.warn('redis-server is not installed: suites that need Redis do not run')

afterAll(stopServers)
