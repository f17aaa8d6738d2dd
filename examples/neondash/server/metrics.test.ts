import { expect, test } from 'bun:test'
import { createMetrics, watchProcess } from './metrics'

test('counters, histograms and gauges read as Prometheus text under their OpenTelemetry names', async () => {
  const metrics = createMetrics()
  metrics.counter('neondash.limit.refused').add({ limit: 'ip' })
  metrics.counter('neondash.limit.refused').add({ limit: 'ip' }, 2)
  const duration = metrics.histogram('http.server.request.duration', [0.1, 1])
  duration.record(0.05, { 'http.route': '/a"b' })
  duration.record(0.5, { 'http.route': '/a"b' })
  metrics.gauge('db.client.connection.count', '1', () => 3, { state: 'idle' })
  metrics.gauge('db.client.connection.count', '1', async () => 4, { state: 'used' })
  metrics.gauge('broken', '1', () => Promise.reject(new Error('away')))
  expect(await metrics.text()).toBe(`# TYPE neondash_limit_refused_total counter
neondash_limit_refused_total{limit="ip"} 3
# TYPE http_server_request_duration_seconds histogram
http_server_request_duration_seconds_bucket{http_route="/a\\"b",le="0.1"} 1
http_server_request_duration_seconds_bucket{http_route="/a\\"b",le="1"} 2
http_server_request_duration_seconds_bucket{http_route="/a\\"b",le="+Inf"} 2
http_server_request_duration_seconds_sum{http_route="/a\\"b"} 0.55
http_server_request_duration_seconds_count{http_route="/a\\"b"} 2
# TYPE db_client_connection_count gauge
db_client_connection_count{state="idle"} 3
db_client_connection_count{state="used"} 4
`)
  expect(metrics.counter('neondash.limit.refused').get({ limit: 'ip' })).toBe(3)
})

test('a blocked event loop shows', async () => {
  const metrics = createMetrics()
  watchProcess(metrics)
  await Bun.sleep(50)
  const until = performance.now() + 300
  while (performance.now() < until);
  await Bun.sleep(50)
  const seconds = Number(/^nodejs_eventloop_delay_max_seconds (\S+)/m.exec(await metrics.text())?.[1])
  expect(seconds).toBeGreaterThan(0.2)
})
